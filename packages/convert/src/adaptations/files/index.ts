import { basename } from 'node:path/posix'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { settingsOfFile } from '../../facts/mounts/file-settings.ts'
import {
  type MountFact,
  mountFact,
  mountsOf,
  othersWhoBind,
  type ServiceMount,
} from '../../facts/mounts/mounts.ts'
import { readTree } from '../../facts/mounts/tree.ts'
import type { FileMount } from '../../plan/plan.ts'
import { buildFiles, filesPart } from './build.ts'
import { deliveryOf } from './delivery.ts'
import { planMissing } from './missing.ts'
import { reason } from './reasons.ts'
import { isSecretFile } from './secret-files.ts'
import { LARGEST_TREE, MOST_ENTRIES } from './sizes.ts'

function planMount(
  conversion: Conversion,
  service: ServiceConversion,
  mounted: ServiceMount,
  fact: Extract<MountFact, { kind: 'file' | 'tree' }>,
): void {
  const { mount, keys } = mounted
  const read = readTree(conversion.files, fact.source, {
    bytes: LARGEST_TREE,
    entries: MOST_ENTRIES,
  })
  if (read.tooLarge) {
    reportTooLarge(conversion, service, mounted, fact.source)
    return
  }
  const declared = settingsOfFile(conversion, fact.source)?.writable
  const writable = declared ?? mount.read_only !== true
  const owner = writable ? userOf(service) : undefined
  const files = read.files.map((file) =>
    isSecretFile(file.path || fact.source, file.bytes) ? { ...file, secret: true } : file,
  )
  const planned: FileMount = {
    target: mount.target,
    from: 'bind',
    pointer: service.at(...keys),
    tree: fact.kind === 'tree',
    files,
    ...(fact.kind === 'tree' ? { directories: read.directories } : {}),
    ...(writable ? { writable } : {}),
    ...(owner === undefined ? {} : { owner }),
  }
  service.plan.files.push(planned)
  service.add(
    keys,
    reason(writable ? 'copied' : 'mounted', { files: whatOf(planned), source: sourceOf(planned) }),
  )
  const others = othersWhoBind(conversion, service, fact.source)
  if (others.length > 0) service.add(keys, reason('not-shared', { services: others.join(', ') }))
}

/** `uid:gid` of the program where it is not root: what it may write is its own. */
function userOf({ image, plan: { rights } }: ServiceConversion): string | undefined {
  const { user = '', accounts } = image.facts
  const [name = '', group] = user.split(':')
  const account = accounts?.users[name]
  const uid = rights.runAsUser ?? (/^\d+$/.test(name) ? Number(name) : account?.uid)
  if (uid === undefined || uid === 0) return undefined
  const ofImage = /^\d+$/.test(group ?? '') ? group : (account?.gid ?? 0)
  return `${uid}:${rights.runAsGroup ?? ofImage}`
}

function whatOf({ files, tree }: FileMount): string {
  return tree ? `${files.length} ${files.length === 1 ? 'file' : 'files'}` : 'the file'
}

function sourceOf(mount: FileMount): string {
  const { files } = mount
  const secret = files.filter((file) => file.secret === true).length
  const objects =
    secret === 0 ? 'a ConfigMap' : secret === files.length ? 'a Secret' : 'a ConfigMap and a Secret'
  return deliveryOf(mount) === 'unpacked' ? `an archive in ${objects}` : objects
}

/** Too large for ConfigMaps: the lines of a Dockerfile that put it into the image. */
function reportTooLarge(
  conversion: Conversion,
  service: ServiceConversion,
  { mount, keys }: ServiceMount,
  source: string,
): void {
  const inProject = source.startsWith(`${conversion.projectDirectory}/`)
  const shown = inProject ? source.slice(conversion.projectDirectory.length + 1) : basename(source)
  conversion.report({
    code: 'convert/file-too-large',
    severity: 'error',
    message: `${shown} has more than ${LARGEST_TREE} bytes or ${MOST_ENTRIES} entries, which is too much for ConfigMaps`,
    path: service.at(...keys),
    hint: `add it to an image, with a Dockerfile of two lines: FROM ${service.plan.image} and COPY ${shown} ${mount.target}; or use a named volume if it is data`,
  })
}

export default {
  id: 'files',
  reasons: reason,
  title: 'Mount files and directories of the project from ConfigMaps',
  plan(conversion) {
    for (const service of conversion.services)
      for (const mounted of mountsOf(conversion, service)) {
        const fact = mountFact(conversion, mounted)
        if (fact.kind === 'missing') planMissing(conversion, service, mounted, fact.source)
        if (fact.kind === 'file' || fact.kind === 'tree')
          planMount(conversion, service, mounted, fact)
      }
  },
  part: filesPart,
  build: buildFiles,
} satisfies Adaptation
