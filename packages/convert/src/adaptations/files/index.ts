import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { BoundMount } from '../../facts/binds/bind.ts'
import { mountFact } from '../../facts/binds/mount-fact.ts'
import { mountsOf } from '../../facts/mounts/mounts-of.ts'
import { LARGEST_TREE, MOST_ENTRIES } from '../../facts/mounts/sizes.ts'
import { readTree } from '../../facts/mounts/tree.ts'
import type { FileMount } from '../../plan/plan.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import { buildFiles, filesPart } from './build.ts'
import { deliveryOf } from './delivery.ts'
import { planMissing } from './missing.ts'
import { ownerOf } from './owner.ts'
import { reason } from './reasons.ts'
import { isSecretFile } from './secret-files.ts'

/** A bind that is configuration: its files are mounted read-only, or copied for the pod whose program may write them. */
function planConfig(conversion: Conversion, service: ServiceConversion, bound: BoundMount): void {
  const { bind, tree } = bound
  const { source, written, mounted } = bind
  const { files } = conversion
  const known = knownSecretsOf(conversion)
  const isTree = files.stat(source)?.kind !== 'file'
  if (isTree && (files.list(source) ?? []).length === 0) {
    planMissing(conversion, service, bind)
    return
  }
  const read = readTree(files, source, { bytes: LARGEST_TREE, entries: MOST_ENTRIES })
  if (read.tooLarge) {
    planMissing(conversion, service, bind)
    return
  }
  const owner = written ? ownerOf(service) : undefined
  const planned: FileMount = {
    target: mounted.mount.target,
    from: 'bind',
    pointer: service.at(...mounted.keys),
    tree: isTree,
    files: read.files.map((file) =>
      isSecretFile(file.path || source, file.bytes, known) ? { ...file, secret: true } : file,
    ),
    ...(isTree ? { directories: read.directories } : {}),
    ...(written ? { writable: true } : {}),
    ...(owner === undefined ? {} : { owner }),
  }
  service.plan.files.push(planned)
  service.add(
    mounted.keys,
    reason(written ? 'copied' : 'mounted', { files: whatOf(planned), source: sourceOf(planned) }),
  )
  const others = tree.binds
    .filter((other) => other.service !== service)
    .map((other) => other.service.service)
  if (others.length > 0 && tree.binds.some((one) => one.written))
    service.add(mounted.keys, reason('not-shared', { services: [...new Set(others)].join(', ') }))
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

export default {
  id: 'files',
  reasons: reason,
  title: 'Mount files and directories of the project from ConfigMaps',
  plan(conversion) {
    for (const service of conversion.services)
      for (const mounted of mountsOf(conversion, service)) {
        const fact = mountFact(conversion, service, mounted)
        if (fact.kind !== 'bind') continue
        if (fact.tree.kind === 'config') planConfig(conversion, service, fact)
        if (fact.tree.kind === 'image')
          service.add(
            mounted.keys,
            reason('in-image', { target: mounted.mount.target, path: fact.bind.shown }),
          )
      }
  },
  part: filesPart,
  build: buildFiles,
} satisfies Adaptation
