/** The few words that the stand-in really translates, in the order of their languages. Signs, mostly: pictures are what it is shown. */

const COLUMNS = ["en", "de", "fr", "es", "it"] as const;

const WORDS: readonly (readonly string[])[] = [
  ["welcome", "willkommen", "bienvenue", "bienvenido", "benvenuto"],
  ["open", "geöffnet", "ouvert", "abierto", "aperto"],
  ["closed", "geschlossen", "fermé", "cerrado", "chiuso"],
  ["entrance", "Eingang", "entrée", "entrada", "ingresso"],
  ["exit", "Ausgang", "sortie", "salida", "uscita"],
  ["danger", "Gefahr", "danger", "peligro", "pericolo"],
  ["attention", "Achtung", "attention", "atención", "attenzione"],
  ["forbidden", "verboten", "interdit", "prohibido", "vietato"],
  ["please", "bitte", "s'il vous plaît", "por favor", "per favore"],
  ["thank you", "danke", "merci", "gracias", "grazie"],
  ["no", "nein", "non", "no", "no"],
  ["yes", "ja", "oui", "sí", "sì"],
  ["and", "und", "et", "y", "e"],
  ["water", "Wasser", "eau", "agua", "acqua"],
  ["coffee", "Kaffee", "café", "café", "caffè"],
  ["bread", "Brot", "pain", "pan", "pane"],
  ["station", "Bahnhof", "gare", "estación", "stazione"],
  ["street", "Straße", "rue", "calle", "via"],
  ["today", "heute", "aujourd'hui", "hoy", "oggi"],
  ["tomorrow", "morgen", "demain", "mañana", "domani"],
  ["Monday", "Montag", "lundi", "lunes", "lunedì"],
  ["Sunday", "Sonntag", "dimanche", "domingo", "domenica"],
  ["free", "frei", "libre", "libre", "libero"],
  ["children", "Kinder", "enfants", "niños", "bambini"],
  ["dogs", "Hunde", "chiens", "perros", "cani"],
];

/** What a word of one language is in another, by its small letters; empty where the glossary does not know the pair. */
export function glossary(from: string, to: string): ReadonlyMap<string, string> {
  const [source, target] = [from, to].map((code) => COLUMNS.findIndex((column) => column === code));
  if (source === undefined || target === undefined || source < 0 || target < 0) return new Map();
  return new Map(WORDS.map((row) => [(row[source] ?? "").toLowerCase(), row[target] ?? ""]));
}
