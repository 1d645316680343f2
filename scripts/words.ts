/** A word or phrase that no text for users has, and what to write instead. The table in CONTRIBUTING.md lists them. */
export interface Wording {
  not: string
  write: string
  pattern: RegExp
}

export const wordings: readonly Wording[] = [
  { not: 'anew', write: 'again', pattern: /\banew\b/i },
  { not: 'when silent', write: 'if omitted', pattern: /\bwhen silent\b/i },
  {
    not: 'is silent, in silence',
    write: 'does not respond, silently',
    pattern: /\b(is|in) silen(t|ce)\b/i,
  },
  { not: 'is told', write: 'is reported', pattern: /\b(is|are|was) told\b/i },
  { not: 'tells', write: 'shows, reports, says', pattern: /\btells?\b/i },
  {
    not: 'is no legal name, illegal',
    write: 'is not a valid name, invalid',
    pattern: /\b(il)?legal\b/i,
  },
  {
    not: 'is no X',
    write: 'is not an X',
    pattern: /(?<!\bthere )\bis no (?!longer\b|more\b|less\b)\w/i,
  },
  {
    not: 'of ours',
    write: 'of Landfall, or the name of the thing',
    pattern: /\bof ours\b/i,
  },
  {
    not: 'asks, asked',
    write: 'probes, tests, requests, contacts',
    pattern: /\basks?\b|\basked\b/i,
  },
  {
    not: 'dials, dialled',
    write: 'connects to, references',
    pattern: /\bdial(s|led|ling)?\b/i,
  },
  {
    not: 'what images say of themselves',
    write: 'image metadata',
    pattern: /\bsays? (of|nothing of)\b/i,
  },
  { not: 'said', write: 'specified, reported', pattern: /\bsaid\b/i },
  { not: 'speaks, speaks of', write: 'uses, mentions', pattern: /\bspeaks?\b/i },
  { not: 'by heart', write: 'built in', pattern: /\bby heart\b/i },
  {
    not: 'nobody, whoever',
    write: 'no service, no user, the user who',
    pattern: /(?<!\bgroup )\b(nobody|whoever)\b(?!-)/i,
  },
  {
    not: 'behaves otherwise',
    write: 'behaves differently',
    pattern: /\bbehaves? otherwise\b/i,
  },
  { not: 'goes on', write: 'continues', pattern: /\b(go|goes|gone|going) on\b/i },
  { not: 'lies in', write: 'is in', pattern: /\blies?\b/i },
  { not: 'beside', write: 'next to, in addition to', pattern: /\bbeside\b/i },
  {
    not: 'stands in',
    write: 'is in',
    pattern: /\bstands? (in(?! for\b)|at|under|on|there|twice)\b/i,
  },
  {
    not: 'one object a file',
    write: 'one object per file',
    pattern: /\b(one|an?|copy) \w+ an? (file|line|service|pod|node|project|release)\b/,
  },
  { not: 'makes up', write: 'generates', pattern: /\bma(k|d)es? up\b/i },
  { not: 'wants', write: 'requires', pattern: /\bwants?\b/i },
  { not: 'belongs to somebody', write: 'is owned by', pattern: /\bsomebody\b/i },
  { not: 'whatever is', write: 'regardless of', pattern: /\bwhatever is\b/i },
]
