// The editor of /sparql. It takes the place of the plain field, keeps it filled for the form, and marks, indents and completes what is
// typed: prefixes, the terms of the ontology, the words of SPARQL, and the variables of the query itself.
//
// CodeMirror puts its style into the document it stands in. Here that is a shadow root, which takes constructed style sheets: so the
// page's policy, which allows no inline style, stays as strict as it is.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, LanguageSupport, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

const WORDS = `ASK BASE BIND BY CONSTRUCT COUNT DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LIMIT MINUS NOT OFFSET
  OPTIONAL ORDER PREFIX REDUCED SELECT SERVICE UNDEF UNION VALUES WHERE`.split(/\s+/);
const FUNCTIONS = `ABS AVG BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY FLOOR GROUP_CONCAT IF isIRI isLITERAL isNUMERIC IRI LANG
  LANGMATCHES LCASE MAX MIN MONTH NOW REGEX REPLACE ROUND SAMPLE STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS SUBSTR
  SUM UCASE YEAR`.split(/\s+/);

const field = document.querySelector("textarea#query");
const form = field?.form;

const prefixes = [...(document.querySelector("template#prefixes")?.content.querySelectorAll("data") ?? [])].map((data) => ({
  label: `${data.textContent}:`,
  detail: data.value,
  type: "namespace",
}));

// The terms are asked for when somebody first types a prefix.
let terms;
function known() {
  terms ??= fetch(new URL("../sparql/terms.json", import.meta.url))
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((list) => list.map(({ term, label, kind, definition }) => ({
      label: term,
      detail: label,
      info: definition || undefined,
      type: kind === "class" ? "class" : kind === "property" ? "property" : "constant",
    })))
    .catch(() => []);
  return terms;
}

async function complete(context) {
  const variable = context.matchBefore(/[?$]\w*/);
  if (variable) {
    const names = new Set(context.state.doc.toString().match(/[?$]\w+/g));
    names.delete(variable.text);
    return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
  }
  const prefixed = context.matchBefore(/[A-Za-z][\w-]*:[\w-]*/);
  if (prefixed) {
    const [prefix] = prefixed.text.split(":");
    const options = (await known()).filter((term) => term.label.startsWith(`${prefix}:`));
    return options.length ? { from: prefixed.from, options, validFor: /^[A-Za-z][\w-]*:[\w-]*$/ } : null;
  }
  const word = context.matchBefore(/[A-Za-z]+/);
  if (!word && !context.explicit) return null;
  return {
    from: word ? word.from : context.pos,
    options: [
      ...prefixes,
      ...WORDS.map((label) => ({ label, type: "keyword" })),
      ...FUNCTIONS.map((label) => ({ label, type: "function", apply: `${label}(` })),
    ],
    validFor: /^[A-Za-z]*$/,
  };
}

// The grammar gives prefixed names no look of their own.
const language = new LanguageSupport(SparqlLanguage.configure({ props: [styleTags({ "Pname_ln Pname_ns": tags.propertyName })] }));

// The colours are those of the page, in light and in dark.
const theme = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "6px", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "2px solid var(--link)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "18rem", maxHeight: "70vh" },
  ".cm-content": { padding: ".6rem 0", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "none", opacity: ".7" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--link) 25%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--link) 22%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "6px" },
  ".cm-tooltip.cm-completionInfo": { padding: ".4rem .6rem", maxWidth: "22rem", fontFamily: "var(--sans)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: ".875rem", maxHeight: "16rem", maxWidth: "min(24rem, 90vw)" },
  ".cm-tooltip-autocomplete > ul > li": { overflow: "hidden", textOverflow: "ellipsis", padding: ".1rem .5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-completionDetail": { color: "inherit", opacity: ".65", fontStyle: "normal", marginLeft: "1em" },
});
const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: "var(--accent)" },
  { tag: tags.variableName, color: "var(--link)" },
  { tag: [tags.string, tags.number, tags.bool, tags.literal], color: "var(--text-literal)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.namespace, tags.propertyName, tags.typeName, tags.url], color: "var(--text-term)" },
]));

function begin() {
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  const ask = () => { form.requestSubmit(); return true; };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        EditorView.lineWrapping, language, theme, colours,
        autocompletion({ override: [complete] }),
        EditorView.contentAttributes.of({ "aria-label": "SPARQL query", spellcheck: "false" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
        // Tab stays a way out of the editor, for those who have only a keyboard.
        keymap.of([{ key: "Mod-Enter", run: ask }, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  field.hidden = true;
  field.before(host);
  // Going back in the history, browsers fill the field again.
  window.addEventListener("pageshow", () => {
    if (field.value !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: field.value } });
    }
  });
  host.dataset.ready = "true";
}

if (field && form) begin();
