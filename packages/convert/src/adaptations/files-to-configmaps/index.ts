import { basename } from 'node:path/posix'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { mountFact, mountsOf } from '../../facts/mounts.ts'
import { readTree } from '../../facts/tree.ts'
import { storedSize } from './content.ts'
import { buildFiles } from './objects.ts'
import { LARGEST_OBJECT, LARGEST_TREE } from './sizes.ts'

const id = 'files-to-configmaps'

function planMount(conversion: Conversion, service: ServiceConversion, index: number): void {
  const mount = service.compose.volumes?.[index]
  if (mount === undefined) return
  const fact = mountFact(conversion, mount)
  if (fact.kind === 'missing') planMissing(conversion, service, index, fact.source)
  if (fact.kind !== 'file' && fact.kind !== 'tree') return
  const files = readTree(conversion.files, fact.source)
  const problem = sizeProblem(
    files.map(({ path, bytes }) => [path || basename(fact.source), bytes]),
  )
  if (problem !== undefined) {
    conversion.report({
      code: 'convert/file-too-large',
      severity: 'error',
      message: problem,
      path: service.at('volumes', index),
      hint: `copy it into the image instead: COPY ${basename(fact.source)} ${mount.target}`,
    })
    return
  }
  service.plan.files.push({
    target: mount.target,
    from: 'bind',
    pointer: service.at('volumes', index),
    tree: fact.kind === 'tree',
    files,
  })
  const what =
    fact.kind === 'file' ? 'the file' : `${files.length} ${files.length === 1 ? 'file' : 'files'}`
  service.note(
    id,
    ['volumes', index],
    'adapted',
    mount.read_only === true
      ? `${what} from a ConfigMap, at the same path and with the same modes`
      : `${what} from a ConfigMap, at the same path and with the same modes, read-only`,
  )
}

function planMissing(
  conversion: Conversion,
  service: ServiceConversion,
  index: number,
  source: string,
): void {
  const target = service.compose.volumes?.[index]?.target ?? ''
  const empty = conversion.files.stat(source) !== undefined
  service.plan.scratch.push({ target, memory: false })
  if (!empty)
    conversion.report({
      code: 'convert/bind-source-missing',
      severity: 'warning',
      message: `${source} does not exist, so ${target} is an empty directory`,
      path: service.at('volumes', index),
      hint: 'create it, or use a named volume to keep what is written there',
    })
  service.note(
    id,
    ['volumes', index],
    'adapted',
    `an empty directory, as Docker ${empty ? 'mounts' : 'makes'} it; what is written there goes with the pod`,
    { hint: 'use a named volume to keep what is written there' },
  )
}

function sizeProblem(files: [string, Uint8Array][]): string | undefined {
  let total = 0
  for (const [path, bytes] of files) {
    total += bytes.length
    const size = storedSize(bytes)
    if (size > LARGEST_OBJECT)
      return `${path} takes ${size} bytes, and a ConfigMap holds at most ${LARGEST_OBJECT}`
  }
  return total > LARGEST_TREE
    ? `the directory has ${total} bytes, and ConfigMaps are meant for at most ${LARGEST_TREE}`
    : undefined
}

export default {
  id,
  title: 'Mount files and directories of the project from ConfigMaps',
  plan(conversion) {
    for (const service of conversion.services)
      for (const [index] of mountsOf(service)) planMount(conversion, service, index)
  },
  build: buildFiles,
} satisfies Adaptation
