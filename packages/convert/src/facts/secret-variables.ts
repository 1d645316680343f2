import type { SecretRules } from '../settings/landfall-file.ts'

/** Words in a name that say that the value is a secret. */
const SECRET_NAME =
  /password|passwd|passphrase|secret|token|credential|(^|[_.-])(pass|pwd|pw|salt)\d*$|key\d*$/i

/** Names that hold such a word and say something about a secret, or name a public one. */
const ABOUT_SECRETS =
  /public_?key$|[_.-](file|path|dir|directory|url|uri|host|port|name|user|username|id|ttl|type|size|length|lifetime|timeout|policy|header|issuer|audience|algorithm|algo|method|format|version|count|interval|seconds|minutes|hours|days|enabled|disabled|required|max\w*|min\w*|expir\w*)$|^(allow|enable|disable|require|use|force|skip|no|with)_|(random|empty)(_root)?_password/i

/** Values that keep nothing secret: switches, and paths of files. */
const PLAIN_VALUE = /^(|true|false|yes|no|on|off|0|1|null|none|\/[\w./-]+)$/i

/** A password in a URL or among the parameters of a connection. */
const PASSWORD_INSIDE =
  /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:]*:[^\s/@]+@|(^|[?&;\s])(password|pwd)=[^&;\s]+/i

/** What tells that a variable is a secret, in this order; undefined where it is none. */
export function whySecret(
  name: string,
  value: string,
  { variables = [], plain = [] }: SecretRules = {},
): 'settings' | 'name' | 'value' | undefined {
  if (matchesAny(name, plain)) return undefined
  if (matchesAny(name, variables)) return 'settings'
  if (PLAIN_VALUE.test(value)) return undefined
  if (SECRET_NAME.test(name) && !ABOUT_SECRETS.test(name)) return 'name'
  return PASSWORD_INSIDE.test(value) ? 'value' : undefined
}

/** Names in which `*` stands for any characters; case does not matter. */
function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(name)
  })
}
