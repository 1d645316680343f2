export { type ApiServer, type ApiServerOptions, startApiServer } from './api-server/start.ts'
export { buildImage } from './build/build.ts'
export {
  buildAndDeliver,
  canBuildHere,
  type Delivered,
  type Delivery,
} from './build/engines/deliver.ts'
export { type Engine, type EngineName, findEngine, openEngine } from './build/engines/engine.ts'
export type { BuildFailure, BuildOutcome, BuildSuccess, ImageBuild } from './build/outcome.ts'
export { buildAndPush } from './build/publish.ts'
export {
  type FetchedContext,
  type FetchOptions,
  fetchContext,
  isInside,
} from './build/remote/fetch-context.ts'
export { assetDirectory } from './cache/assets.ts'
export {
  type DebianPackage,
  type UnpackOptions,
  unpackDebianPackages,
  unpackedPackages,
} from './cache/debian.ts'
export { prepare } from './cache/prepare.ts'
export { readCluster } from './cluster/describe.ts'
export { clusterDown } from './cluster/down.ts'
export { defaultOptions } from './cluster/paths.ts'
export { type ClusterStatus, clusterStatus } from './cluster/status.ts'
export { clusterUp } from './cluster/up.ts'
export type * from './contract.ts'
export { type RegistryWriter, registryWriter } from './control-plane/registry-writer.ts'
export { type FetchedFile, type FetchFileOptions, fetchFile } from './downloads/fetch-file.ts'
export {
  missingForApiServer,
  missingRequirements,
  missingToPrepare,
} from './host/requirements.ts'
export { prepareAhead, prepareImagesMeanwhile } from './images/ahead.ts'
export { prepareImages, provideImages } from './images/provide.ts'
export { nodePowerOff, nodePowerOn } from './node/nodes.ts'
export { bundleReleases } from './releases/bundle/bundle-releases.ts'
export {
  InvalidRoles,
  loadStandIns,
  type RoleProblem,
  readRoles,
  startTimes,
} from './stand-ins/index.ts'
