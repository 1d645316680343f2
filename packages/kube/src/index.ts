export {
  COMPOSE_SERVICE_ANNOTATION,
  CONNECTED_ANNOTATION,
  COPY_NAME_ANNOTATION,
  COPY_PORTS_ANNOTATION,
  containerAnnotation,
  DECLARED_COPIES_ANNOTATION,
  DONE_WHEN_ANNOTATION,
  FILLED_FROM_ANNOTATION,
  FORWARDED_ANNOTATION,
  GATE_PREFIX,
  isContainerAnnotation,
  KEPT_WITH_ANNOTATION,
  MAY_COMPLETE_ANNOTATION,
  ONE_COPY_ANNOTATION,
  POD_INDEX_LABEL,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
  RESET_FILES_ANNOTATION,
  RESTARTS_WITH_ANNOTATION,
  RESTARTS_WITH_SECRETS_ANNOTATION,
  RUNS_AGAIN_ANNOTATION,
  SECRETS_CHECKSUM,
  SOURCE_ANNOTATION,
  TEMPLATE_ANNOTATION,
  UNHEALTHY_AFTER_ANNOTATION,
  UNTESTED_EFFECT_ANNOTATION,
} from './annotations.ts'
export type {
  BuildSecret,
  Bundle,
  Derived,
  ImageBuild,
  Upload,
} from './bundle.ts'
export { resolveBundle } from './bundle.ts'
export type {
  Check,
  CheckAction,
  CheckCapture,
  CheckStep,
  ReleaseChecks,
} from './checks/check.ts'
export {
  type CheckRequest,
  CURL,
  curlConfig,
  MOST_RESPONSE_BYTES,
} from './checks/curl-config.ts'
export {
  fillJson,
  fillReferences,
  isReferenceName,
  RUN_REFERENCE,
  referencesIn,
} from './checks/references.ts'
export type {
  DeleteOptions,
  KubeClient,
  KubeClientOptions,
  LogOptions,
  ServiceAnswer,
  ServiceRequest,
} from './client/client.ts'
export { FIELD_MANAGER, kubeClient } from './client/client.ts'
export type { KubeList, Selection } from './client/list.ts'
export type { Fetch, FetchResponse } from './client/request.ts'
export type { ApiStatus } from './client/status-error.ts'
export { AnswerError, ConnectionError, isRefusal, StatusError } from './client/status-error.ts'
export type { ExecOptions, ExecResult, SessionOptions, TerminalSize } from './client/stream/exec.ts'
export {
  type PodConnection,
  PodPortError,
  type PortForwardOptions,
} from './client/stream/port-forward.ts'
export type { OpenSocket, Socket } from './client/stream/socket.ts'
export type { WatchStep } from './client/watch.ts'
export { type Clock, machineClock } from './clock.ts'
export { disruptionBudget } from './disruption-budget.ts'
export { decodePath, encodePath, type FillEntry, printEntries } from './fill/entries.ts'
export { type KeptFile, readKeptFile } from './fill/fill-line.ts'
export { FILL_SCRIPT } from './fill/fill-script.ts'
export {
  FILL_PROGRAM,
  FILL_VOLUMES,
  type FillStep,
  filledFrom,
  isBelow,
  printFillSteps,
  readFillSteps,
  touchesTree,
} from './fill/step.ts'
export { type TarEntry, tarHeader, tarOf, tarPadding } from './fill/tar.ts'
export { type GateLine, readGateLine } from './gate/progress.ts'
export {
  loginVariable,
  parseWait,
  printWait,
  type SqlClient,
  type Wait,
} from './gate/wait.ts'
export { canonicalJson, keyedHash, shortHash } from './hash.ts'
export { cloneJson, isSameJson } from './json.ts'
export {
  KEEPER_ANNOTATION,
  type KeeperAct,
  type KeeperRecord,
  RUNNING_AGAIN_ANNOTATION,
  readKeeperRecord,
  withAct,
} from './keeper/record.ts'
export {
  KEEPER,
  KEEPER_MANAGER,
  type KeeperSettings,
  type KeptEdge,
  type KeptEffect,
  type KeptService,
  type KeptWait,
} from './keeper/settings.ts'
export {
  isDnsLabel,
  isDnsName,
  isEnvironmentName,
  isServiceName,
  toDataKey,
  toDnsLabel,
  toLabelValue,
  toPortName,
  toServiceName,
} from './names.ts'
export type { Need } from './needs.ts'
export { configurationOfPods, needsOf, secretsOfPods } from './needs.ts'
export type { KubeObject, ObjectMeta, RoleId } from './object.ts'
export { imagesOf, pinImages } from './pin-images.ts'
export { byteQuantity, cpuQuantity, isQuantity, parseQuantity } from './quantity.ts'
export type { CollectionReference, KindReference, ObjectReference } from './reference.ts'
export { IN_EVERY_NAMESPACE, objectId, referenceTo } from './reference.ts'
export { objectStatus } from './status/index.ts'
export type { Condition, ObjectState, ObjectStatus } from './status/status.ts'
export { conditionOf } from './status/status.ts'
export { imageIn, imageParts } from './values/image-names.ts'
export { isEmpty } from './values/is-empty.ts'
export {
  defaultValues,
  inOrderOfWriting,
  isRegistry,
  mergeValues,
  type Parameter,
  type Place,
  type Writing,
} from './values/parameters.ts'
export { roleOf, type Switch, type SwitchedKey, variantOf } from './values/switches.ts'
