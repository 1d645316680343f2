import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The path of the built program, put in by the build; code that runs from source has none. */
declare const LANDFALL_VOLUMES: string | undefined

/** The command of the process that provides claims with volumes (`main.ts`), without its options. */
export function volumesCommand(): [string, ...string[]] {
  if (typeof LANDFALL_VOLUMES === 'string') return [process.execPath, LANDFALL_VOLUMES]
  const { resolve } = createRequire(import.meta.url)
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  return [process.execPath, '--conditions=landfall-source', '--import', resolve('tsx'), main]
}
