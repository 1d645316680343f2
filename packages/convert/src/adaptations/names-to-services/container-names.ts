import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isDialled, leadOf, replaceWords } from '../../facts/names/host-words.ts'
import { oncePerFile } from '../../facts/names/once-per-file.ts'
import { dialTexts } from '../../facts/names/texts.ts'

/** A name that Compose or Swarm make up for the containers of a service, as some text of the project has it. */
export interface ContainerName {
  owner: ServiceConversion
  written: string
  from: 'container' | 'tasks'
  /** JSON Pointer of the key whose text has it. */
  pointer: string
}

/**
 * The names `<project>-<service>-<number>`, `<project>_<service>_<number>` and `tasks.<service>` that texts of the
 * project refer to, in every spelling that is used. One that is no valid name counts only where a text dials it:
 * elsewhere it would not be rewritten, and `tasks.worker` may be a module.
 */
export function containerNames(conversion: Conversion): ContainerName[] {
  const known = possibleNames(conversion)
  const found = new Map<string, ContainerName>()
  const words = [...known.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const anyName = new RegExp(words.join('|'), 'i')
  const hasName = oncePerFile((text) => anyName.test(text))
  for (const service of conversion.services) {
    let previous = ''
    for (const dialText of dialTexts(service)) {
      const lead = leadOf(dialText, previous)
      previous = dialText.text
      if (!hasName(dialText)) continue
      for (const line of dialText.text.split('\n'))
        replaceWords(line, lead, (written, before, after) => {
          const name = known.get(written.toLowerCase())
          const valid = /^[a-z][a-z0-9-]*$/i.test(written)
          if (name !== undefined && !found.has(written) && (valid || isDialled(before, after)))
            found.set(written, { ...name, written, pointer: dialText.pointer })
          return written
        })
    }
  }
  return [...found.values()].sort((a, b) => (a.written < b.written ? -1 : 1))
}

/** By the name in lower case. A container that is given a name, or has the network of another, has no other one. */
function possibleNames({
  project,
  services,
}: Conversion): Map<string, Pick<ContainerName, 'owner' | 'from'>> {
  const names = new Map<string, Pick<ContainerName, 'owner' | 'from'>>()
  for (const owner of services) {
    const { compose, plan, service } = owner
    if (/^(none|host|(service|container):.*)$/.test(String(compose.network_mode ?? ''))) continue
    names.set(`tasks.${service}`.toLowerCase(), { owner, from: 'tasks' })
    if (compose.container_name !== undefined) continue
    const declared = Number(compose.scale ?? compose.deploy?.replicas ?? 1)
    for (let number = 1; number <= Math.max(declared, plan.replicas); number++)
      for (const mark of ['-', '_'])
        names.set([project.name, service, number].join(mark).toLowerCase(), {
          owner,
          from: 'container',
        })
  }
  return names
}
