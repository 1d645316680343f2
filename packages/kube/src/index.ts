export type { Bundle, Derived, ImageBuild, Parameter, Place, RoleId, Switch } from './bundle.ts'
export { resolveBundle } from './bundle.ts'
export { canonicalJson, shortHash } from './hash.ts'
export type { KubeObject, ObjectMeta } from './object.ts'
