// What diagnostics, origins and spans are read with; published inside this package.
export type {
  Diagnostic,
  Origin,
  Origins,
  Position,
  Severity,
  Sources,
  Span,
} from '@landfall/diagnostic'
export {
  displayPath,
  formatSpan,
  hasErrors,
  originOf,
  positionAt,
  renderDiagnostic,
  spanOf,
  toSarif,
} from '@landfall/diagnostic'
export { parseBytes } from './canonical/bytes.ts'
export { parseSeconds } from './canonical/duration.ts'
export { type ComposeCode, composeCodes } from './codes.ts'
export { engineProblems } from './engine/engine.ts'
export { acceptAs, isFilePath, projectBoundary } from './files/boundary.ts'
export { type GuardedFiles, guardedFiles } from './files/guarded-files.ts'
export { problemOf, type ReadWithin, readWithin } from './files/read-within.ts'
export { describeTemplateError, substitute } from './interpolate/template.ts'
export type { Boundary, FileSystem, LoadInput, LoadResult, Trusted } from './load.ts'
export { loadProject } from './load-project.ts'
export { memoryFiles } from './memory-files.ts'
export type * from './project.ts'
export { keysWith, textsOf } from './source/texts-of.ts'
