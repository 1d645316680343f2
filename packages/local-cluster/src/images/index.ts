/** Images for a cluster: made from packages under their well-known names, and built from a project's Dockerfiles. */
export { buildImage } from './build/build.ts'
export type { BuildFailure, BuildOutcome, BuildSuccess, ImageBuild } from './build/outcome.ts'
export { buildAndPush } from './build/publish.ts'
export { prepareImages, provideImages } from './provide.ts'
