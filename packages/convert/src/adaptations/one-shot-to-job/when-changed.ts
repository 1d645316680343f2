import { join } from 'node:path'
import type { FileSystem } from '@landfall/compose'
import { ownValue, spanOf, type TextFinder } from '@landfall/diagnostic'
import { canonicalJson, shortHash } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { settledPath } from '../../facts/mounts/file-settings.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { whySecret } from '../../facts/secret-variables.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import { isSecretFile } from '../files/secret-files.ts'

/** On the pods of a one-shot: a hash of what it runs again for, so that its Job gets another name. */
const ANNOTATION = 'checksum.landfall.dev/when-changed'

type Problem = [message: string, hint: string]

/** Makes the name of a Job depend on files, variables and services outside the project that landfall.yaml names. */
export function planWhenChanged(conversion: Conversion, service: ServiceConversion): void {
  const { plan, settings } = service
  const again = declaredOneShot(settings)?.again
  const names = typeof again === 'object' ? (again.whenChanged ?? []) : []
  if (names.length === 0 || plan.kind !== 'Job') return
  const contents: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const external = conversion.plan.external.find((one) => one.written === name)
    if (external !== undefined) {
      plan.externals = [...new Set([...plan.externals, external.name])].sort()
      continue
    }
    const found = contentOf(conversion, name)
    if (typeof found === 'string') contents[name] = found
    else report(conversion, service, index, found)
  }
  if (Object.keys(contents).length > 0)
    plan.annotations.pod[ANNOTATION] = shortHash(canonicalJson(contents))
}

/** What is hashed for a file, a directory or a variable. What is secret is not: its hash would show it (decision 0018). */
function contentOf(conversion: Conversion, name: string): string | Problem {
  const { environment = {}, files, settings } = conversion
  if (/^[./~]/.test(name)) {
    const path = settledPath(conversion, name)
    const content = treeContent(files, path, knownSecretsOf(conversion))
    if (content === undefined) return [`there is no file or directory ${name}`, 'correct the path']
    return content === SECRET
      ? [`${name} holds a secret, whose hash would be in the objects`, 'name another file']
      : content
  }
  const variable = name.replace(/^\$\{?(\w+)\}?$/, '$1')
  const value = ownValue(environment, variable)
  if (value === undefined)
    return [
      `${name} is not a file, not a variable that is set, and not in external`,
      'write the path of a file with ./ in front of it',
    ]
  return whySecret(variable, value, settings.secrets) === undefined
    ? value
    : [
        `${variable} is a secret, whose hash would be in the objects`,
        'use it in the environment of the one-shot: `landfall up` runs it again when the Secret changes',
      ]
}

const SECRET: unique symbol = Symbol('secret')

/** Hashes of a file, or of everything in a directory; undefined if nothing is there. */
function treeContent(
  files: FileSystem,
  path: string,
  known: TextFinder,
): string | typeof SECRET | undefined {
  const names = files.list(path)
  if (names === undefined) {
    const bytes = files.read(path)
    if (bytes === undefined) return undefined
    return isSecretFile(path, bytes, known) ? SECRET : shortHash(bytes)
  }
  const parts: Record<string, string> = {}
  for (const name of names) {
    const part = treeContent(files, join(path, name), known)
    if (part === SECRET) return SECRET
    if (part !== undefined) parts[name] = part
  }
  return canonicalJson(parts)
}

function report(
  { report, settingsOrigins }: Conversion,
  { at }: ServiceConversion,
  index: number,
  [message, hint]: Problem,
): void {
  const path = at('oneShot', 'again', 'whenChanged', index)
  const span = spanOf(settingsOrigins, path)
  report({
    ...{ code: 'convert/nothing-changes', severity: 'error', message, path, hint },
    ...(span !== undefined && { at: span }),
  })
}
