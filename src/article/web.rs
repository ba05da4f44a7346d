//! Fetches web pages: entry point [`Web::fetch`].
//!
//! An address may come from a feed, a file or a stranger, so by default nothing but the public internet is reached: the
//! name is resolved here, every address it has is checked, and the connection goes to an address that was checked, so
//! that a name cannot answer differently the second time. Each redirect is checked in the same way. Proxies of the
//! environment would undo this and are used only where private addresses are allowed.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::{Host, Url};

/// How often an address may point to another one.
const MOST_REDIRECTS: usize = 5;

/// What was fetched.
#[derive(Debug)]
pub(super) struct Page {
    /// Where it was found in the end.
    pub(super) url: Url,
    /// The media type with its parameters, as the server says.
    pub(super) media_type: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Why a page could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebFailure {
    /// Not an address of the web.
    #[error("not a web address: {0}")]
    Address(String),
    /// The address leads into a private network or to this machine.
    #[error("refused: `{host}` is {address}, an address that is not public")]
    Private {
        /// The name or address asked for.
        host: String,
        /// What it resolves to.
        address: IpAddr,
    },
    /// Redirected too often.
    #[error("redirected more than {MOST_REDIRECTS} times")]
    TooManyRedirects,
    /// The server does not give the page.
    #[error("the server answered {0}")]
    Status(StatusCode),
    /// A media type that no article comes in.
    #[error("`{0}` is no format of articles")]
    MediaType(String),
    /// Larger than allowed.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// No answer in time.
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The connection failed.
    #[error("cannot be fetched: {message}")]
    Connection {
        /// The innermost cause.
        message: String,
        /// The failed request.
        source: reqwest::Error,
    },
    /// This machine cannot fetch at all.
    #[error("cannot prepare to fetch: {0}")]
    Setup(#[source] io::Error),
}

/// How to fetch.
#[derive(Clone, Copy, Debug)]
pub(super) struct WebOptions {
    pub(super) allow_private: bool,
    pub(super) max_bytes: u64,
    pub(super) timeout: Duration,
}

/// A client that is set up once and fetches page after page.
pub(super) struct Web {
    runtime: tokio::runtime::Runtime,
    client: Client,
    options: WebOptions,
}

impl Web {
    pub(super) fn new(options: WebOptions) -> Result<Self, WebFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(WebFailure::Setup)?;
        let client = public_client(options.allow_private, options.timeout)?;
        Ok(Self { runtime, client, options })
    }

    /// Fetches a page, following redirects.
    ///
    /// # Errors
    ///
    /// [`WebFailure`], see there.
    pub(super) fn fetch(&self, address: &str) -> Result<Page, WebFailure> {
        let url = Url::parse(address).map_err(|error| WebFailure::Address(error.to_string()))?;
        let timeout = self.options.timeout;
        let work = async {
            match tokio::time::timeout(timeout, self.follow(url)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(WebFailure::Timeout(timeout)),
            }
        };
        if tokio::runtime::Handle::try_current().is_err() {
            return self.runtime.block_on(work);
        }
        // A runtime cannot wait inside another one on the same thread.
        std::thread::scope(|scope| {
            scope
                .spawn(|| self.runtime.block_on(work))
                .join()
                .unwrap_or_else(|_| Err(WebFailure::Setup(io::Error::other("the thread that fetches has stopped"))))
        })
    }

    async fn follow(&self, mut url: Url) -> Result<Page, WebFailure> {
        for _ in 0..=MOST_REDIRECTS {
            refuse_private(&url, self.options.allow_private)?;
            let request = self.client.get(url.clone()).header(ACCEPT, "text/html, application/xhtml+xml, */*;q=0.5");
            let response = request.send().await.map_err(failure_of)?;
            if !response.status().is_redirection() {
                return self.take(url, response).await;
            }
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let Some(location) = location else { return Err(WebFailure::Status(response.status())) };
            url = url.join(location).map_err(|error| WebFailure::Address(error.to_string()))?;
        }
        Err(WebFailure::TooManyRedirects)
    }

    async fn take(&self, url: Url, mut response: Response) -> Result<Page, WebFailure> {
        if !response.status().is_success() {
            return Err(WebFailure::Status(response.status()));
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if let Some(media_type) = media_type.as_deref().filter(|media_type| is_no_article(media_type)) {
            return Err(WebFailure::MediaType(media_type.to_owned()));
        }
        let limit = self.options.max_bytes;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure_of)? {
            if (bytes.len() + chunk.len()) as u64 > limit {
                return Err(WebFailure::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Page { url, media_type, bytes })
    }
}

/// A client that asks other servers for something else than pages: it follows no redirects, and a name that leads to an
/// address that is not public is refused when it is resolved, unless private ones are allowed. Each address must first pass
/// [`refuse_private`].
///
/// # Errors
///
/// If this machine cannot fetch at all.
pub(crate) fn public_client(allow_private: bool, timeout: Duration) -> Result<Client, WebFailure> {
    // Another part of the program may have chosen the same provider before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("belligraph/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .dns_resolver(Checked { allow_private });
    if !allow_private {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| WebFailure::Setup(io::Error::other(error)))
}

/// Refuses what the resolver does not see: another scheme, and a host that is an address already and not public.
///
/// # Errors
///
/// [`WebFailure::Address`] and [`WebFailure::Private`].
pub(crate) fn refuse_private(url: &Url, allow_private: bool) -> Result<(), WebFailure> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(WebFailure::Address(format!("the scheme `{}` is not fetched", url.scheme())));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(WebFailure::Address("no host".to_owned())),
    };
    if allow_private || is_public(address) {
        return Ok(());
    }
    Err(WebFailure::Private { host: url.host_str().unwrap_or_default().to_owned(), address })
}

/// Media types that cannot hold an article; what is unknown is looked at.
fn is_no_article(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["image/", "audio/", "video/", "font/"].iter().any(|kind| essence.starts_with(kind))
        || matches!(essence.as_str(), "application/pdf" | "application/zip" | "text/css" | "text/javascript")
}

fn failure_of(error: reqwest::Error) -> WebFailure {
    let mut cause: &(dyn std::error::Error + 'static) = &error;
    loop {
        if let Some(Refused { host, address }) = cause.downcast_ref::<Refused>() {
            return WebFailure::Private { host: host.clone(), address: *address };
        }
        match cause.source() {
            Some(inner) => cause = inner,
            None => break,
        }
    }
    let message =
        if error.is_connect() && error.is_timeout() { "no connection in time".into() } else { cause.to_string() };
    WebFailure::Connection { message, source: error }
}

/// A name all or some of whose addresses are not public.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is {address}, an address that is not public")]
struct Refused {
    host: String,
    address: IpAddr,
}

/// Resolves names and lets through only those that lead to the public internet alone.
#[derive(Clone, Copy)]
struct Checked {
    allow_private: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        let host = name.as_str().to_owned();
        let lookup: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            // One private address among public ones is a trap as well.
            if let Some(refused) = found.iter().map(SocketAddr::ip).find(|ip| !allow_private && !is_public(*ip)) {
                return Err(Refused { host, address: refused }.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        });
        lookup
    }
}

/// Whether an address belongs to the public internet (the special-purpose registries of IANA, RFC 6890 and later, and
/// the one public address that a cloud answers from inside).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a, b, c, d) == (168, 63, 129, 16);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Addresses of version 4 in those of version 6: mapped, translated, 6to4.
        [0, 0, 0, 0, 0, 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded(high, low)
        }
        // Global unicast is 2000::/3; of it, Teredo and other protocol assignments and documentation are not public.
        [first, second, ..] => {
            first & 0xE000 == 0x2000
                && !(first == 0x2001 && second < 0x200)
                && !(first == 0x2001 && second == 0xDB8)
                && !(first == 0x3FFF && second < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet() -> Result<(), std::net::AddrParseError> {
        for refused in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "168.63.129.16",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(refused.parse()?), "{refused}");
        }
        for public in ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "172.32.0.1"] {
            assert!(is_public(public.parse()?), "{public}");
        }
        Ok(())
    }
}
