/** Words in a name that mark its value as a secret. */
const SECRET_NAME =
  /password|passwd|passphrase|passcode|secret|token(?!i[sz])|credential|(^|[_.-])(pass|pwd|pw|pin|salt)\d*$|requirepass$|masterauth$|(?<!mon|hot|tur|whis)key\d*$/i

/** Names that contain such a word and describe a secret, or name a public one. */
const ABOUT_SECRETS =
  /public_?key$|gpio_pin$|[_.-](file|files|path|dir|directory|url|uri|endpoint|host|hostname|address|addr|domain|port|name|user|username|id|alias|ttl|type|mode|size|length|bits|lifetime|timeout|age|validity|duration|period|limit|policy|header|cookie|prefix|suffix|issuer|audience|algorithm|algo|method|format|version|count|iterations|rounds|retries|attempts|strength|interval|seconds|minutes|hours|days|enabled|disabled|required|service|server|backend|provider|driver|store|max\w*|min\w*|expir\w*)$|^(allow|enable|disable|require(?!pass)|use|force|skip|no|with|max|min)_|(random|empty)(_root)?_password/i

/** Names whose value is the secret itself, so that it can be a number, a word or a time: `DB_PASSWORD: 12345`. */
const SECRET_ITSELF =
  /(password|passwd|passphrase|passcode|secret)\d*$|(^|[_.-])(pass|pwd|pw|pin)\d*$/i

/** Values that keep nothing secret under any name: nothing, switches, and paths of files. */
const PLAIN_VALUE =
  /^(|true|false|yes|no|on|off|0|1|null|none|(\/|\.{1,2}\/|~\/|[a-z]:\\|file:\/\/)[^\s:=+]+|[\w./-]+\.(pem|key|crt|cer|cert|pub|p12|pfx|jks|asc|gpg|txt|json|ya?ml|conf|env))$/i

/** Values that are no secret unless their name is one of `SECRET_ITSELF`. */
const PLAIN_FORMS = [
  /** Ports and other numbers: longer ones can be keys. */
  /^[-+]?\d{1,5}(\.\d+)?$/,
  /** Sizes and durations: `16M`, `15m`, `1h30m`, `30 days`, `PT15M`. */
  /^\d+(\.\d+)?[kmgt]i?b?$/i,
  /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w|y))+$/i,
  /^\d+ ?(sec|second|min|minute|hour|day|week|month|year)s?$/i,
  /^P(?=[\dT])(\d+[YMWD])*(T(\d+(\.\d+)?[HMS])+)?$/,
  /** Host names and addresses, with a scheme and a port or without: `auth.example.com`, `http://vault:8200`. */
  /^[a-z][a-z0-9+.-]*:\/\/[\w.-]+(:\d{1,5})?\/?$/i,
  /^localhost(:\d{1,5})?$|^[a-z][a-z0-9-]*:\d{2,5}$/,
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(:\d{1,5})?$/,
  /^\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?$/,
  /^(enabled|disabled)$/i,
]

/** Whether a value is nothing, a switch or the path of a file, which is no secret under any name. */
export function isPlainValue(value: string): boolean {
  return PLAIN_VALUE.test(value)
}

/** Whether a name says that its value is a secret, and the form of the value does not show that it is none. */
export function isSecretByName(name: string, value: string): boolean {
  if (isPlainValue(value) || !SECRET_NAME.test(name) || ABOUT_SECRETS.test(name)) return false
  return SECRET_ITSELF.test(name) || !PLAIN_FORMS.some((form) => form.test(value))
}
