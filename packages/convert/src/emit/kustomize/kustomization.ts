import {
  type Bundle,
  canonicalJson,
  type KubeObject,
  type RoleId,
  resolveBundle,
} from '@landfall/kube'
import type { ObjectComments } from '../comments.ts'
import { emitManifests } from '../manifests.ts'
import { toYaml } from '../yaml.ts'
import { jsonPatch, mergePatch } from './json-patch.ts'

interface KustomizeOptions {
  /** The project with profiles that are not active, by their names: each is a component. */
  profiles?: ReadonlyMap<string, Bundle>
  /** Of all objects. */
  namespace?: string
  comments?: ReadonlyMap<RoleId, ObjectComments>
}

/** A patch of an overlay: in a file of its own, or in the kustomization. */
interface Patch {
  file?: string
  text: string
  target?: Record<string, string>
}

/**
 * A project as a base with one object per file, and one overlay for each environment and one component for each profile with what differs in it,
 * by paths: `base/deployment-web.yaml`, `overlays/prod/kustomization.yaml`, `components/debug/kustomization.yaml`. What `kubectl kustomize` makes of the base and of an overlay are the
 * objects of the project and of the environment.
 */
export function emitKustomize(
  base: Bundle,
  environments: ReadonlyMap<string, Bundle>,
  { namespace, comments, profiles = new Map() }: KustomizeOptions = {},
): Map<string, string> {
  const files = new Map<string, string>()
  const manifests = emitManifests(base, namespace, comments)
  for (const [file, text] of manifests) files.set(`base/${file}`, text)
  files.set('base/kustomization.yaml', kustomizationOf([...manifests.keys()], [], overlay.head))
  for (const [name, bundle] of environments)
    for (const [file, text] of differenceOf(base, bundle, { namespace, ...overlay }))
      files.set(`overlays/${name}/${file}`, text)
  for (const [name, bundle] of profiles)
    for (const [file, text] of differenceOf(base, bundle, { namespace, ...component }))
      files.set(`components/${name}/${file}`, text)
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What a kustomization is, and what it starts from. */
interface Form {
  head: { apiVersion: string; kind: string }
  from: string[]
}

const overlay: Form = {
  head: { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' },
  from: ['../../base'],
}

/** What an overlay can add. https://kubectl.docs.kubernetes.io/guides/config_management/components/ */
const component: Form = {
  head: { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' },
  from: [],
}

/**
 * The files of an overlay or a component. An object that has another name than in the base, because its name follows from its content, takes the
 * place of that.
 */
function differenceOf(
  base: Bundle,
  bundle: Bundle,
  { namespace, head, from }: Form & { namespace: string | undefined },
): Map<string, string> {
  const [was, is] = [resolveBundle(base), resolveBundle(bundle)]
  const manifests = emitManifests(bundle, namespace)
  const files = new Map<string, string>()
  const patches: Patch[] = []
  const resources: string[] = []
  for (const role of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const [before, after] = [was.get(role), is.get(role)]
    const isSame = before !== undefined && after !== undefined && isSameObject(before, after)
    if (before !== undefined && !isSame) patches.push(removalOf(before, namespace))
    if (after !== undefined && !isSame) {
      const file = fileOf(role)
      files.set(file, manifests.get(file) ?? '')
      resources.push(file)
    }
    if (isSame) patches.push(...patchOf(role, before, after))
  }
  for (const { file, text } of patches) if (file !== undefined) files.set(file, text)
  files.set('kustomization.yaml', kustomizationOf([...from, ...resources], patches, head))
  return files
}

function fileOf(role: RoleId): string {
  return `${role.replace('/', '-')}.yaml`
}

export function isSameObject(before: KubeObject, after: KubeObject): boolean {
  const idOf = ({ apiVersion, kind, metadata }: KubeObject) => [apiVersion, kind, metadata.name]
  return canonicalJson(idOf(before)) === canonicalJson(idOf(after))
}

/** Takes an object of the base out. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
function removalOf(object: KubeObject, namespace: string | undefined): Patch {
  const { apiVersion, kind, metadata } = object
  const { name } = metadata
  const id = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }
  return { text: toYaml({ ...id, $patch: 'delete' }) }
}

/** What differs in an object. That of a Secret has the form of a Secret, so that its file is as private as one. */
function patchOf(role: RoleId, before: KubeObject, after: KubeObject): Patch[] {
  const operations = jsonPatch(before, after)
  if (operations.length === 0) return []
  const { apiVersion, kind, metadata } = after
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const target = { ...(group !== '' && { group }), version, kind, name: escaped(metadata.name) }
  const file = `patch-${fileOf(role)}`
  if (kind !== 'Secret') return [{ file, text: toYaml(operations), target }]
  const { metadata: others = {}, ...differences } = mergePatch(before, after) as Partial<KubeObject>
  const merged = { apiVersion, kind, metadata: { name: metadata.name, ...others }, ...differences }
  return [{ file, text: toYaml(merged), target }]
}

/** A name as the regular expression that a target is. */
function escaped(name: string): string {
  return name.replaceAll('.', '\\.')
}

function kustomizationOf(
  resources: readonly string[],
  patches: readonly Patch[],
  head: Form['head'],
): string {
  return toYaml({
    ...head,
    ...(resources.length > 0 && { resources }),
    ...(patches.length > 0 && {
      patches: patches.map(({ file, text, target }) => ({
        ...(file === undefined ? { patch: text } : { path: file }),
        ...(target !== undefined && { target }),
      })),
    }),
  })
}
