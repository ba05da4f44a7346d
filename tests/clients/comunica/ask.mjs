// Asks a running server by Comunica: node ask.mjs SERVER BASE TOKEN ARTICLE
//
// SERVER is where it answers, BASE is where its IRIs begin, ARTICLE the path of an article that it holds.
import { QueryEngine } from '@comunica/query-sparql';

const [server, base, token, article] = process.argv.slice(2);
const engine = new QueryEngine();
let failed = false;

async function check(name, test) {
  try {
    await test();
    console.log(`ok comunica ${name}`);
  } catch (error) {
    failed = true;
    console.log(`FAIL comunica ${name}: ${String(error?.message ?? error).split('\n')[0]}`);
  }
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

async function rows(query, context) {
  return (await engine.queryBindings(query, context)).toArray();
}

const prefix = 'PREFIX bg: <https://w3id.org/belligraph/ontology#>\n';
const endpoint = { sources: [{ type: 'sparql', value: `${server}sparql` }] };

await check('SELECT at the endpoint', async () => {
  const found = await rows(`${prefix}SELECT ?event ?date { ?event a bg:Event ; bg:earliest ?date } LIMIT 20`, endpoint);
  expect(found.length === 20, `${found.length} rows`);
  expect(found[0].get('event').value.startsWith(`${base}event/`), found[0].get('event').value);
});

await check('the endpoint knows itself by its description', async () => {
  const found = await rows(`${prefix}SELECT ?event { ?event a bg:Event } LIMIT 3`, { sources: [`${server}sparql`] });
  expect(found.length === 3, `${found.length} rows`);
});

await check('ASK', async () => {
  expect(await engine.queryBoolean(`${prefix}ASK { ?event a bg:Event }`, endpoint), 'no event');
  expect(!(await engine.queryBoolean(`${prefix}ASK { ?event a bg:NoSuchClass }`, endpoint)), 'an event of no class');
});

await check('CONSTRUCT', async () => {
  const query = `${prefix}CONSTRUCT { ?e a bg:Event } WHERE { ?e a bg:Event } LIMIT 5`;
  const quads = await (await engine.queryQuads(query, endpoint)).toArray();
  expect(quads.length === 5, `${quads.length} triples`);
});

await check('a join of the endpoint and a document', async () => {
  const sources = [{ type: 'sparql', value: `${server}sparql` }, `${server}${article}`];
  const query = `PREFIX schema: <https://schema.org/>\n${prefix}SELECT DISTINCT ?p { <${base}${article}> ?p ?o } LIMIT 5`;
  expect((await rows(query, { sources })).length > 2, 'too few rows');
});

for (const suffix of ['', '.ttl', '.jsonld', '.rdf', '.nt', '.trig']) {
  await check(`the document on an article${suffix}`, async () => {
    // The triples of TriG stand in the graphs they come from.
    const unionDefaultGraph = suffix === '.trig';
    const context = { sources: [`${server}${article}${suffix}`], unionDefaultGraph };
    const found = await rows(`SELECT ?p ?o { <${base}${article}> ?p ?o }`, context);
    expect(found.length > 5, `${found.length} triples`);
  });
}

await check('facts from link to link', async () => {
  // As one follows links: from the article to its events, from an event to its place, each address asked as Comunica asks.
  const document = (iri) => iri.replace(base, server).replace(/#.*/, '');
  const mentioned = await rows(`${prefix}SELECT DISTINCT ?event { ?mention bg:inEvent ?event ; bg:inArticle <${base}${article}> }`, {
    sources: [`${server}${article}`],
  });
  expect(mentioned.length > 0, 'no mention in an event in the document on the article');
  let found;
  for (const event of mentioned.map((row) => row.get('event').value)) {
    const places = await rows(`${prefix}SELECT ?place { <${event}> bg:place ?place }`, { sources: [document(event)] });
    found ??= places.length > 0 ? { event, place: places[0].get('place').value } : undefined;
    if (found) break;
  }
  expect(found, 'no place in the documents on the events of the article');
  const { event, place } = found;
  const named = await rows(
    `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n${prefix}SELECT ?name { <${event}> bg:place ?place . ?place rdfs:label ?name }`,
    { sources: [document(event), document(place)] },
  );
  expect(named.length > 0, `no name of ${place}`);
});

await check('an update, and what it wrote', async () => {
  const authorized = (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  };
  const destination = { type: 'sparql', value: `${server}sparql` };
  const graph = '<http://example.org/comunica>';
  await engine.queryVoid(`INSERT DATA { GRAPH ${graph} { <http://e/s> <http://e/p> "by Comunica" } }`, {
    ...endpoint, destination, fetch: authorized,
  });
  const found = await rows(`SELECT ?o { GRAPH ${graph} { ?s ?p ?o } }`, endpoint);
  expect(found.length === 1 && found[0].get('o').value === 'by Comunica', `${found.length} rows`);
});

process.exit(failed ? 1 : 0);
