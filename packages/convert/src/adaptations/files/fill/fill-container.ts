import { basename, dirname } from 'node:path/posix'
import {
  FILL_PROGRAM,
  FILL_VOLUMES,
  FILLED_FROM_ANNOTATION,
  type FillStep,
  filledFrom,
  GATE_PREFIX,
  printFillSteps,
  RESET_FILES_ANNOTATION,
  shortHash,
  toDnsLabel,
} from '@landfall/kube'
import { type BundleDraft, containersOf } from '../../../objects/bundle-draft.ts'
import { annotate } from '../../../objects/pod.ts'
import type { Fill, Plan, PodPart, ServicePlan } from '../../../plan/plan.ts'
import { rootWith } from '../../gates/gate-container.ts'
import { podVolumeName } from '../../volumes/pod-volume.ts'

/** The script in the volume with the files of a service. */
export const FILL_FILE: string = basename(FILL_PROGRAM)

const FILL = 'landfall-fill'

/** A tree that a service mounts a part of, and the place of its mount among the files of the service. */
interface Filled {
  fill: Fill
  place: number
  /** What the paths of the files are below: a single file has its name in its path already. */
  below: string
}

function filledBy({ files }: ServicePlan): Filled[] {
  return files.flatMap(({ fills, directories }, place) =>
    fills === undefined
      ? []
      : [
          {
            fill: fills,
            place,
            below:
              directories === undefined && fills.upload === undefined
                ? dirname(fills.shown)
                : fills.shown,
          },
        ],
  )
}

/** Whether any claim that the service mounts is filled from the project. */
export function fillsClaims(service: ServicePlan): boolean {
  return filledBy(service).length > 0
}

function isCopied({ fill }: Filled): boolean {
  return fill.upload !== undefined
}

function stepOf({ fill: { path, upload }, place, below: shown }: Filled): FillStep {
  const label = toDnsLabel(path)
  const id = label === path ? label : `${label}-${shortHash(path).slice(0, 6)}`
  const verb = upload === undefined ? 'fill' : 'await'
  return { verb, place, id, path, shown, ...(upload && { digest: upload.digest }) }
}

function nameOf(filled: readonly Filled[]): string {
  const [first] = filled
  return first !== undefined && isCopied(first)
    ? toDnsLabel(`${GATE_PREFIX}copy-of-${first.fill.shown}`)
    : FILL
}

/** One init container for the trees in objects, and one for those that are copied, which waits until they are there. */
function groupsOf(service: ServicePlan): Filled[][] {
  const filled = filledBy(service)
  return [filled.filter((one) => !isCopied(one)), filled.filter(isCopied)].filter(
    (group) => group.length > 0,
  )
}

/** The init containers that keep claims in step with the project. Each sees the whole claim: its own files lie next to the data. */
export function fillContainers(
  service: ServicePlan,
  { images }: Plan,
  files: string,
): NonNullable<PodPart['containers']> {
  return groupsOf(service).map((group) => ({
    phase: 'fill',
    name: nameOf(group),
    image: images.tools,
    mounts: [
      { name: files, mountPath: dirname(FILL_PROGRAM), readOnly: true },
      ...group.map(({ fill, place }) => ({
        name: podVolumeName(fill.volume, service.volumes),
        mountPath: `${FILL_VOLUMES}/${place}`,
      })),
    ],
  }))
}

/** What the init containers run; each workload names the trees, so that a deploy can find it by their paths. */
export function buildFills(draft: BundleDraft): void {
  for (const { service, container, workload } of containersOf(draft, 'fill')) {
    const mounted = new Set((container.volumeMounts ?? []).map(({ mountPath }) => mountPath))
    const group = filledBy(service).filter(({ place }) => mounted.has(`${FILL_VOLUMES}/${place}`))
    Object.assign(container, {
      command: printFillSteps(group.map(stepOf)),
      env: [
        {
          name: 'LANDFALL_RESET_FILES',
          valueFrom: {
            fieldRef: {
              apiVersion: 'v1',
              fieldPath: `metadata.annotations['${RESET_FILES_ANNOTATION}']`,
            },
          },
        },
      ],
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', 'DAC_OVERRIDE', 'FOWNER']),
    })
    const { metadata } = workload.object
    const shown = [...filledFrom(workload.object), ...group.map(({ fill }) => fill.shown)]
    annotate(metadata, FILLED_FROM_ANNOTATION, JSON.stringify([...new Set(shown)].sort()))
  }
}
