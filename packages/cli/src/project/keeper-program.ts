import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the bundle has the program; set by scripts/build.mjs. */
declare const LANDFALL_KEEPER: string | undefined

/** The text of the keeper's program, which `npm run build` makes. Throws an Error if it was not built. */
export function keeperProgram(): string {
  const path =
    typeof LANDFALL_KEEPER === 'string'
      ? LANDFALL_KEEPER
      : fileURLToPath(new URL('../../../keeper/dist/keeper.cjs', import.meta.url))
  return readFileSync(path, 'utf8')
}
