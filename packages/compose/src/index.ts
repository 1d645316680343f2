export type { FileSystem, LoadInput, LoadResult } from './load.ts'
export type * from './project.ts'
