export { assetDirectory } from './assets.ts'
export { readCluster } from './cluster.ts'
export type * from './contract.ts'
export {
  type DebianPackage,
  type UnpackOptions,
  unpackDebianPackages,
  unpackedPackages,
} from './debian.ts'
export { clusterDown } from './down.ts'
export {
  type BuildFailure,
  type BuildOutcome,
  type BuildSuccess,
  buildAndPush,
  buildImage,
  type ImageBuild,
  prepareImages,
  provideImages,
} from './images/index.ts'
export { nodePowerOff, nodePowerOn } from './nodes.ts'
export { defaultOptions } from './paths.ts'
export { prepare } from './prepare.ts'
export { missingRequirements } from './requirements.ts'
export {
  InvalidRoles,
  loadStandIns,
  type RoleProblem,
  readRoles,
  startTimes,
} from './stand-ins/index.ts'
export { type ClusterStatus, clusterStatus } from './status.ts'
export { clusterUp } from './up.ts'
