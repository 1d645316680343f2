/** A form of text that only secrets have. */
export interface Shape {
  /** What it is, in a sentence after "contains": `a GitHub token`. */
  readonly what: string
  /** With the flag `g`. The group `secret` is the part that is secret; the whole match if there is none. */
  readonly form: RegExp
  /** Whether a match is one after all. */
  readonly holds?: (match: string) => boolean
}

/** Characters of tokens do not come before one. */
const START = '(?<![A-Za-z0-9])'
/** The same for tokens with hyphens, whose beginning is also the end of words: `disk-`, `my-sk-`. */
const START_OF_WORD = '(?<![A-Za-z0-9_.-])'

function token(what: string, form: string, start = START): Shape {
  return { what, form: new RegExp(`${start}(?:${form})(?![A-Za-z0-9])`, 'g') }
}

/**
 * Tokens and keys with a prefix of their issuer, by the formats that the issuers document.
 * https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const tokens = (): readonly Shape[] => [
  // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
  token('a GitHub token', 'gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}'),
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  token(
    'a GitLab token',
    'gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[A-Za-z0-9_.-]{16,300}',
    START_OF_WORD,
  ),
  // https://docs.slack.dev/authentication/tokens/
  token('a Slack token', 'xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,300}', START_OF_WORD),
  token('a Slack token', 'xapp-\\d-[A-Za-z0-9-]{10,300}', START_OF_WORD),
  {
    what: 'a webhook address with its key',
    form: /https:\/\/(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks|[a-z0-9-]+\.webhook\.office\.com\/webhookb2)\/(?<secret>[\w/@-]{20,300})/g,
  },
  // https://docs.stripe.com/keys
  token('a Stripe key', '[rs]k_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/=]{16,255}'),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  token('an AWS access key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}'),
  // https://cloud.google.com/docs/authentication/api-keys
  token(
    'a Google key',
    'AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,64}|ya29\\.[A-Za-z0-9_-]{20,500}',
  ),
  // https://platform.openai.com/docs/api-reference/authentication
  token(
    'an API key',
    'sk-(?:[a-z]{2,10}\\d{0,3}-){0,3}[A-Za-z0-9_]{20,255}(?:[A-Za-z0-9_-]{0,255})',
    START_OF_WORD,
  ),
  token('an Anthropic key', 'sk-ant-[A-Za-z0-9_-]{16,255}', START_OF_WORD),
  token('a Hugging Face token', 'hf_[A-Za-z0-9]{30,64}'),
  // https://docs.npmjs.com/about-access-tokens
  token('an npm token', 'npm_[A-Za-z0-9]{30,64}'),
  // https://pypi.org/help/#apitoken
  token('a PyPI token', 'pypi-AgE[A-Za-z0-9_-]{13,500}', START_OF_WORD),
  token('a RubyGems key', 'rubygems_[a-f0-9]{48}'),
  // https://docs.docker.com/security/access-tokens/
  token('a Docker token', 'dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,255}'),
  // https://core.telegram.org/bots/api#authorizing-your-bot
  token('a Telegram bot token', '\\d{8,10}:AA[A-Za-z0-9_-]{30,36}'),
  // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
  token('a SendGrid key', 'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}', START_OF_WORD),
  token('a Mailgun key', 'key-[a-f0-9]{32}', START_OF_WORD),
  token('a Twilio key', 'SK[a-f0-9]{32}'),
  // https://docs.digitalocean.com/reference/api/create-personal-access-token/
  token('a DigitalOcean token', 'do[opr]_v1_[a-f0-9]{64}'),
  token('a Shopify token', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  // https://developer.hashicorp.com/vault/docs/concepts/tokens
  token('a Vault token', 'hv[sbr]\\.[A-Za-z0-9_-]{20,300}', START_OF_WORD),
  token('a Terraform token', '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,90}'),
  token('a Grafana token', 'gl(?:sa|c)_[A-Za-z0-9_=+/]{32,300}'),
  token('a Databricks token', 'dapi[a-f0-9]{32}'),
  token('an Atlassian token', 'AT(?:ATT3x|BB|CTT3x)[A-Za-z0-9_=+/-]{20,300}'),
  token('a Linear key', 'lin_(?:api|oauth)_[A-Za-z0-9]{30,64}'),
  token('a Notion token', 'ntn_[A-Za-z0-9]{40,64}'),
  token('a New Relic key', 'NRAK-[A-Z0-9]{27}'),
  token('a Tailscale key', 'tskey-[a-z]+-[A-Za-z0-9_-]{16,128}', START_OF_WORD),
  token('a Supabase token', 'sbp_[a-f0-9]{40}'),
  token('an age key', 'AGE-SECRET-KEY-1[A-Z0-9]{58}'),
  // https://developers.cloudflare.com/tunnel/: base64 of {"a":"…","t":"…","s":"…"}
  token('a Cloudflare tunnel token', 'eyJhIjoi[A-Za-z0-9+/_-]{60,500}={0,2}'),
]

/** Base64 of either alphabet (RFC 4648), one character a byte; an empty text if it is none. */
function decoded(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

/** RFC 7519: the header is a JSON object with an algorithm. */
function isJwt(text: string): boolean {
  try {
    const header: unknown = JSON.parse(decoded(text.slice(0, text.indexOf('.'))))
    return typeof header === 'object' && header !== null && ('alg' in header || 'enc' in header)
  } catch {
    return false
  }
}

/** RFC 7617: base64 of `user:password`. */
function isBasic(text: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(decoded(text))
}

/** A password of a URL that is not one: a reference to a variable, or a placeholder of documentation. */
const NOT_A_PASSWORD = /* @__PURE__ */ String.raw`(?:\$\{?\w+[^\s/'"@]*\}?|\{\{[^\s'"]*\}\}|%\w+%|<[^\s<>]*>|\*+|\.{3}|…)`

let known: readonly Shape[] | undefined

/** All forms, made when the first text is searched. */
export function shapes(): readonly Shape[] {
  known ??= [...tokens(), ...others()]
  return known
}

let joined: readonly RegExp[] | undefined

/** Whether one of the forms is in a text. Most texts have none, and are searched once for all forms instead of once for each. */
export function holdsShape(text: string): boolean {
  joined ??= joinForms(shapes())
  return joined.some((form) => form.test(text))
}

/** One expression for all forms with the same flags. */
function joinForms(all: readonly Shape[]): RegExp[] {
  const sources = new Map<string, string[]>()
  for (const { form } of all) {
    const flags = form.flags.replace('g', '')
    const source = `(?:${form.source.replaceAll('(?<secret>', '(?:')})`
    sources.set(flags, [...(sources.get(flags) ?? []), source])
  }
  return [...sources].map(([flags, parts]) => new RegExp(parts.join('|'), flags))
}

const others = (): readonly Shape[] => [
  {
    what: 'a JSON web token',
    form: /(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{5,2000}\.[A-Za-z0-9_-]{4,8000}\.[A-Za-z0-9_-]{0,2000}/g,
    holds: isJwt,
  },
  // RFC 7468, RFC 4716; in JSON the ends of lines are written as \n.
  {
    what: 'a private key',
    form: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?<secret>(?:[A-Za-z0-9+/=\s\\,:().]|-(?!-)){0,20000})/g,
  },
  { what: 'a private key', form: /^PuTTY-User-Key-File-\d[^\0]{0,20000}/g },
  // RFC 3986 §3.2.1; a password may contain what has to be escaped.
  {
    what: 'a URL with a password',
    form: new RegExp(
      String.raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/@:?#'"<>]{0,200}:(?!${NOT_A_PASSWORD}@)(?<secret>[^\s/'"]{1,300})@(?=[^\s@])`,
      'gi',
    ),
  },
  // https://github.com/go-sql-driver/mysql#dsn-data-source-name
  {
    what: 'a data source name with a password',
    form: /(?<![\w.-])[\w.-]{1,64}:(?!\$)(?<secret>[^\s:@'"]{1,200})@(?:tcp|unix)\(/g,
  },
  {
    what: 'connection parameters with a password',
    form: new RegExp(
      String.raw`(?:^|[?&;\s"'])(?:password|passwd|pwd|access_token|api_?key|accountkey|sharedaccesskey|client_secret|sig)=(?!${NOT_A_PASSWORD}(?:[&;\s"']|$))["']?(?<secret>[^&;\s"']+)`,
      'gi',
    ),
  },
  // RFC 7617
  {
    what: 'basic credentials',
    form: /\bBasic\s+(?<secret>[A-Za-z0-9+/]{4,400}={0,2})(?![A-Za-z0-9+/=])/gi,
    holds: (match) => isBasic(match.replace(/^basic\s+/i, '')),
  },
  // RFC 6750
  {
    what: 'a bearer token',
    form: /\bBearer[ :]+(?<secret>(?=[A-Za-z._~+/-]*\d)[A-Za-z0-9._~+/-]{16,2000}=*)/g,
  },
  // https://httpd.apache.org/docs/current/misc/password_encryptions.html and crypt(5)
  {
    what: 'a password hash',
    form: /(?<![\w$])(?:\$(?:apr1|[156]|2[abxy]|y|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*)\$[^\s"',:;|]{8,300}|\{S?SHA\}[A-Za-z0-9+/]{20,100}={0,2})/g,
  },
]

/** AWS secret keys have no prefix: 40 characters beside an access key. */
export const AWS_SECRET: Shape = {
  what: 'an AWS secret key',
  form: /(?<![A-Za-z0-9/+=])(?=[^a-z\s]*[a-z])(?=[^A-Z\s]*[A-Z])(?=[^0-9\s]*[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
}
