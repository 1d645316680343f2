export type { Bundle, Derived, ImageBuild, Parameter, Place, RoleId, Switch } from './bundle.ts'
export { resolveBundle } from './bundle.ts'
export { canonicalJson, shortHash } from './hash.ts'
export {
  isDnsLabel,
  isEnvironmentName,
  isServiceName,
  toDataKey,
  toDnsLabel,
  toLabelValue,
  toPortName,
  toServiceName,
} from './names.ts'
export type { KubeObject, ObjectMeta } from './object.ts'
export { byteQuantity, cpuQuantity, isQuantity, parseByteValue } from './quantity.ts'
