export type { Entry } from './archive/entry.ts'
export { guardedEntries } from './archive/guard.ts'
export { openArchive } from './archive/open.ts'
export { type ContainerizeCode, containerizeCodes } from './codes.ts'
export type { ConfigFile } from './inspect/config-files.ts'
export { type Inspection, inspectTarball } from './inspect/inspect.ts'
export { type Scan, scanTarball } from './inspect/scan.ts'
export { TarballProblem } from './problem.ts'
export {
  layerOf,
  makeRecipe,
  programDirectory,
  type Recipe,
  type TarballSettings,
} from './recipe/recipe.ts'
export { shellWords } from './recipe/shell-words.ts'
