import type { Plan } from '@landfall/convert'

/** What the manifests of a project need and do not contain; names are sorted. */
export interface Requirements {
  /** PersistentVolumeClaims that must exist in the namespace. */
  claims: string[]
  secrets: string[]
  configMaps: string[]
  /** Images that must be built and pushed. */
  images: string[]
}

/** What has to exist before the manifests of a plan can run. */
export function requirementsOf({ services, volumes }: Plan): Requirements {
  const existing = services.flatMap(({ files }) => files.filter(({ external }) => external))
  const mounted = (from: 'secret' | 'config') =>
    existing.flatMap((mount) => (mount.from === from ? (mount.external ?? []) : []))
  return {
    claims: sorted(
      volumes.flatMap(({ external, source, claim }) =>
        external && source === undefined ? [claim] : [],
      ),
    ),
    secrets: sorted([
      ...mounted('secret'),
      ...services.flatMap(({ secretReferences, fileValues, route }) => [
        ...Object.values(secretReferences).map(({ secret }) => secret),
        ...fileValues.flatMap((value) => ('secret' in value ? [value.secret] : [])),
        ...(route?.certificate === undefined ? [] : [route.certificate]),
      ]),
    ]),
    configMaps: sorted(mounted('config')),
    images: sorted(services.flatMap(({ build }) => build?.image ?? [])),
  }
}

/** Requirements for people: at most one line for objects and one for images. `reported`: names of objects that a warning names. */
export function requirementLines(
  { claims, secrets, configMaps, images }: Requirements,
  reported: ReadonlySet<string> = new Set(),
): string[] {
  const unreported = (names: readonly string[]) => names.filter((name) => !reported.has(name))
  const kinds = [
    ...list('claims', claims),
    ...list('Secrets', unreported(secrets)),
    ...list('ConfigMaps', unreported(configMaps)),
  ]
  return [
    ...(kinds.length === 0 ? [] : [`must exist in the namespace: ${kinds.join('; ')}`]),
    ...(images.length === 0
      ? []
      : [`must be built and pushed (\`landfall up\` does): ${list('images', images).join()}`]),
  ]
}

/** Secrets and ConfigMaps that have to be made because the project's own file is missing: each has its warning. */
export function reportedMissing({ services }: Plan): Set<string> {
  const mounts = services.flatMap(({ files }) => files.filter(({ missing }) => missing))
  return new Set(mounts.flatMap(({ external }) => external ?? []))
}

/** The claims of the manifests in one line for people; their sizes are a default unless the project sets them. */
export function storageLine({ volumes }: Plan): string | undefined {
  const groups = new Map<string, string[]>()
  for (const { claim, size, class: ofClass, shared, external, source } of volumes) {
    if (external || source !== undefined) continue
    const what = [size, shared ? 'ReadWriteMany' : '', ofClass ?? ''].filter(Boolean).join(' ')
    groups.set(what, [...(groups.get(what) ?? []), claim])
  }
  if (groups.size === 0) return undefined
  const listed = [...groups].map(([what, claims]) => `${claims.join(', ')} (${what})`)
  return `claims: ${listed.join('; ')}; other sizes and classes: \`volumes\` in landfall.yaml`
}

function list(kind: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${kind} ${names.join(', ')}`]
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
