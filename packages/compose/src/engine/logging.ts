import { suggest } from '../schema/suggest.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'

/** Options that the engine reads for every log driver. */
const common = [
  ...'mode max-buffer-size cache-disabled cache-max-size cache-max-file cache-compress'.split(' '),
]

/** Options by the log drivers that write files; what others take depends on their versions. */
const drivers: Readonly<Record<string, readonly string[]>> = {
  'json-file': [
    ...'compress env env-regex labels labels-regex max-file max-size tag'.split(' '),
    ...common,
  ],
  local: [...'compress max-file max-size'.split(' '), ...common],
}

/** Reference: https://docs.docker.com/engine/logging/drivers/json-file/ */
export const loggingRules: ServiceRule = ({ logging }) => {
  const { driver = '', options = {} } = (logging ?? {}) as {
    driver?: string
    options?: Readonly<Record<string, unknown>>
  }
  const known = Object.hasOwn(drivers, driver) ? drivers[driver] : undefined
  if (known === undefined) return []
  const at = (name: string) => pointerTo('/logging/options', name)
  const findings = Object.keys(options).flatMap((name): Finding | [] => {
    if (known.includes(name)) return []
    const near = suggest(name, known)
    return {
      path: at(name),
      message: `unknown log opt '${name}' for ${driver} log driver`,
      hint:
        near === undefined ? `known options are ${known.join(', ')}` : `did you mean "${near}"?`,
    }
  })
  const mode = options.mode
  const size = options['max-size']
  const files = options['max-file']
  return [
    ...findings,
    typeof mode === 'string' &&
      !['', 'blocking', 'non-blocking'].includes(mode) && {
        path: at('mode'),
        message: `logger: logging mode not supported: ${mode}`,
        hint: 'use blocking or non-blocking',
      },
    typeof size === 'string' &&
      !/^(?:-1|\d+(?:\.\d+)? ?(?:[kmgtp]?i?b?)?)$/i.test(size) && {
        path: at('max-size'),
        message: `invalid size: '${size}'`,
        hint: 'write "10m" for 10 MiB',
      },
    typeof files === 'string' &&
      !(/^\+?\d+$/.test(files) && Number(files) >= 1) && {
        path: at('max-file'),
        message: /^[-+]?\d+$/.test(files)
          ? 'max-file cannot be less than 1'
          : `strconv.Atoi: parsing "${files}": invalid syntax`,
        hint: 'write a number of files, at least 1',
      },
  ]
}
