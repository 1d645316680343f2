export type {
  Address,
  AddressOptions,
  Endpoint,
  ProbeAddress,
  ReachPort,
} from './answers/addresses.ts'
export { releaseAddresses } from './answers/addresses.ts'
export { connectionsOf } from './answers/connections.ts'
export type { CheckResult } from './checks/result.ts'
export {
  NoCheckError,
  type TestOptions,
  type TestReport,
  testRelease,
} from './checks/test-release.ts'
export { type AwaitOptions, awaitRelease } from './day/await-release.ts'
export { type ReleaseEvent, readEvents, watchEvents } from './day/events.ts'
export { type ForwardedPort, forwardedPorts } from './day/forwarded-ports.ts'
export {
  findMembers,
  type Member,
  type Members,
  NoServiceError,
  readMembers,
  workloadOf,
} from './day/members.ts'
export { choosePod, isReady, NoPodError, podsOf, selectorOf } from './day/pods.ts'
export { NotRestartableError, type RestartOptions, restartRelease } from './day/restart.ts'
export { readUsage, type ServiceUsage } from './day/usage.ts'
export { readWaits, type Waits } from './day/waits.ts'
export type { DeployOptions } from './deploy.ts'
export { deployRelease } from './deploy.ts'
export { deployedImages, type FindDeployedImage } from './diff/deployed-images.ts'
export {
  type DiffOptions,
  diffRelease,
  diffRevisions,
  diffToRevision,
  type ObjectChange,
  type ReleaseDiff,
} from './diff/diff.ts'
export type { FieldChange } from './diff/fields.ts'
export type { DownOptions, DownReport } from './down.ts'
export { downRelease } from './down.ts'
export type { Drift } from './drift/drift.ts'
export { contains } from './drift/lost-fields.ts'
export type * from './events.ts'
export { type Explanation, listExplanations } from './explanations.ts'
export type { FailureCode } from './failures/index.ts'
export { type HistoryOfOptions, releaseHistory } from './history.ts'
export type { LogLine, LogsOptions } from './logs.ts'
export { releaseLogs } from './logs.ts'
export type { MissingNeed, Preflight, PreflightOptions } from './preflight.ts'
export { preflight } from './preflight.ts'
export type { Holder } from './release/hold.ts'
export { LeaseForbiddenError, TakenOverError } from './release/lease.ts'
export {
  changesInWords,
  NoRevisionError,
  REVISIONS_KEPT,
  type Revision,
  type RevisionNote,
} from './release/revisions.ts'
export { type RollbackOptions, rollbackRelease } from './rollback.ts'
export { NoMetricsError } from './scale/pod-metrics.ts'
export {
  type ScaledService,
  type ScaleOptions,
  ScaleRefusedError,
  type ScaleReport,
  scaleRelease,
} from './scale/scale.ts'
export { podsHash } from './sites/pods-hash.ts'
export {
  clusterIdentity,
  nodeAddresses,
  type Place,
  type PublishedAt,
  publishedAt,
} from './sites/published-at.ts'
export { type Reached, type ReachOptions, reachFrom } from './sites/reach-from.ts'
export type { ReleaseStatus, StatusOptions, WorkloadStatus } from './status.ts'
export { releaseStatus } from './status.ts'
