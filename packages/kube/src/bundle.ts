import { setValueAt, valueAt } from '@landfall/diagnostic'
import type { Check } from './checks/check.ts'
import { canonicalJson, shortHash } from './hash.ts'
import { cloneJson } from './json.ts'
import type { KubeObject, RoleId } from './object.ts'
import { type Parameter, type Place, setParameters } from './values/parameters.ts'
import { byRole, type Switch, setSwitches } from './values/switches.ts'

/**
 * A value that follows from other content of the bundle, so that it changes exactly when that content does.
 * `name-hash` is `<base>-<hash>`, `content-hash` the hash alone. Until it is computed the places hold `base`.
 * Listed in dependency order: a derivation whose input holds another derived value comes after it.
 */
export interface Derived {
  rule: 'name-hash' | 'content-hash'
  base: string
  inputs: { object: RoleId; pointer: string }[]
  at: Place[]
}

/** An image that the project builds itself. Paths are absolute. */
export interface ImageBuild {
  /** Compose service that it belongs to. */
  service: string
  /** The image name that the objects use. */
  image: string
  /** A directory, or the address of a Git repository or an archive. */
  context: string
  /** Relative to the context if that is not a directory. */
  dockerfile?: string
  dockerfileInline?: string
  target?: string
  args: Readonly<Record<string, string>>
  /** Further contexts by name: a directory, a URL, `docker-image://IMAGE` or `service:NAME` of a service that is built. */
  contexts?: Readonly<Record<string, string>>
  /** What contexts that are addresses were when they were last looked at: a commit, or `sha256:…` of an archive. */
  revisions?: Readonly<Record<string, string>>
  /** What RUN mounts as secrets: a file (absolute path) or a value. */
  secrets?: readonly BuildSecret[]
  /** SSH agents or keys: `default`, `id=path`. */
  ssh?: readonly string[]
  /** Additional lines of /etc/hosts: `name:address`. */
  hosts?: readonly string[]
  /** Of /dev/shm, in bytes. */
  shmSize?: string
  /** `nofile=1024:2048` */
  ulimits?: readonly string[]
  /** The platforms that the project names, `linux/amd64`: one of them is built. */
  platforms?: readonly string[]
  /** Caches of builders, in the words of BuildKit (`type=registry,ref=HOST/NAME`) or as the name of an image. They do not decide on the content. */
  cacheFrom?: readonly string[]
  cacheTo?: readonly string[]
}

/** A secret of a build, for `RUN --mount=type=secret`. */
export interface BuildSecret {
  id: string
  from: { file: string } | { value: string }
}

/**
 * A tree of the project that is too large for objects: it is copied into a claim through the API. Workloads that mount
 * the claim wait until a copy with this digest is complete.
 */
export interface Upload {
  /** Name of the PersistentVolumeClaim. */
  claim: string
  /** Directory of the claim that holds the tree: `data`. */
  path: string
  /** Absolute path of the directory or the file that is copied. */
  source: string
  /** Absolute paths below it that are not copied. */
  without?: readonly string[]
  /** The path as the Compose file writes it: `./media`. */
  shown: string
  /** Number of files. */
  files: number
  bytes: number
  /** SHA-256 in hexadecimal over paths, modes and contents, without the contents of secret files. */
  digest: string
  /** SHA-256 over the contents of secret files, if there are any; it is in no object unless it is hashed with a key. */
  secretDigest?: string
}

/** What conversion makes and every emitter and deploy read. */
export interface Bundle {
  /** Project name: the value of `app.kubernetes.io/instance`, and the default namespace. */
  name: string
  /** In the order in which they are printed. */
  objects: Map<RoleId, KubeObject>
  parameters: Parameter[]
  /** What is off by default, and in no object. */
  switches: Switch[]
  derived: Derived[]
  builds: ImageBuild[]
  /** Sorted by claim. */
  uploads: Upload[]
  /** What has to hold when everything is ready, in the order of landfall.yaml. They are in no object. */
  checks: Check[]
}

/**
 * The objects with every derived value computed; the bundle is left as it is, and shares the objects that hold none. With `values`, the
 * content of a values file, switches and parameters are set before. Throws an Error when a derivation names an object that is not in the bundle: that is a bug of the converter.
 */
export function resolveBundle(
  bundle: Bundle,
  values?: Readonly<Record<string, unknown>>,
): Map<RoleId, KubeObject> {
  const switched = setSwitches(bundle.objects, bundle.switches, values)
  const given =
    values === undefined ? switched.objects : setParameters(switched, bundle.parameters, values)
  const written = new Set(bundle.derived.flatMap(({ at }) => at.map(({ object }) => object)))
  const objects = new Map<RoleId, KubeObject>()
  for (const [role, object] of given)
    objects.set(role, written.has(role) ? cloneJson(object) : object)
  const objectOf = (role: RoleId): KubeObject => {
    const object = objects.get(role)
    if (object === undefined) throw new Error(`no object ${role} in the bundle`)
    return object
  }
  for (const { rule, base, inputs, ...derived } of bundle.derived) {
    const at = derived.at.filter((place) => !switched.isAbsent(place))
    if (at.length === 0) continue
    const content = inputs.map(({ object, pointer }) => valueAt(objectOf(object), pointer))
    const hash = shortHash(canonicalJson(content))
    const value = rule === 'name-hash' ? `${base}-${hash}` : hash
    for (const { object, pointer, format } of at)
      setValueAt(
        objectOf(object),
        pointer,
        format === undefined ? value : format.replaceAll('{}', value),
      )
  }
  return bundle.switches.length === 0 ? objects : byRole(objects)
}
