import { ownValue } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import type { Rights } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** What the API takes at most. */
const LARGEST_ID = 2 ** 31 - 1

type Ids = Pick<Rights, 'runAsUser' | 'runAsGroup'>

/** `1000`, `1000:1000`, `root`, and names that the image knows; undefined for others. */
function idsOf({ compose, image }: ServiceConversion): Ids | undefined {
  const [name = '', group = ''] = (compose.user ?? '').split(':')
  const account = ownValue(image.facts.accounts?.users, name)
  const runAsUser = numberOf(name) ?? account?.uid
  const runAsGroup = group === '' ? account?.gid : groupOf(image, group)
  if (runAsUser === undefined || (group !== '' && runAsGroup === undefined)) return undefined
  return { runAsUser, ...(runAsGroup === undefined ? {} : { runAsGroup }) }
}

function groupOf({ facts }: ServiceConversion['image'], group: string): number | undefined {
  return numberOf(group) ?? ownValue(facts.accounts?.groups, group)
}

function numberOf(text: string): number | undefined {
  if (text === 'root') return 0
  return /^\d+$/.test(text) && Number(text) <= LARGEST_ID ? Number(text) : undefined
}

/** Additional groups in the order of the file, each with its number where that is known. */
function groupsOf({ compose, image }: ServiceConversion): [name: string, gid?: number][] {
  return (Array.isArray(compose.group_add) ? compose.group_add.map(String) : []).map((group) => {
    const gid = groupOf(image, group)
    return gid === undefined ? [group] : [group, gid]
  })
}

function noteUser(service: ServiceConversion): void {
  const { compose, note, image } = service
  if (compose.user === undefined) return
  // Unset variables leave `""` or `":"`.
  if (/^:?$/.test(compose.user)) {
    note(['user'], reason('image-user'))
    return
  }
  const ids = idsOf(service)
  if (ids === undefined) note(['user'], reason('unknown-user', unknownUser(service)))
  else if (/^\d+(:\d*)?$/.test(compose.user)) note(['user'], reason('ids'))
  else {
    const known = image.from === 'table' ? 'table-account' : 'image-account'
    note(['user'], reason(known, { uid: ids.runAsUser ?? 0, user: compose.user }))
  }
}

/** The account without its group: `id postgres` prints the numbers of both. */
function unknownUser({ compose: { user = '' }, plan }: ServiceConversion) {
  return { user, image: plan.image, account: user.split(':')[0] ?? '' }
}

function noteGroups(service: ServiceConversion): void {
  for (const [index, [group, gid]] of groupsOf(service).entries())
    service.note(
      ['group_add', index],
      gid === undefined ? reason('unknown-group', { group }) : reason('group', { gid }),
    )
}

export default {
  id: 'user',
  reasons: reason,
  title: 'Run a program as its user and groups',
  plan({ services }) {
    for (const service of services) {
      noteUser(service)
      noteGroups(service)
      service.plan.rights = { ...idsOf(service) }
      service.plan.needs.groups = groupsOf(service).flatMap(([, gid]) => gid ?? [])
    }
  },
  build({ workloads }) {
    for (const { plan, pod } of workloads)
      if (plan.needs.groups.length > 0)
        pod.spec.securityContext = {
          ...pod.spec.securityContext,
          supplementalGroups: plan.needs.groups,
        }
  },
} satisfies Adaptation
