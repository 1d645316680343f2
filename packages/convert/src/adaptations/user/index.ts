import type { Adaptation } from '../../adaptation.ts'
import type { SecurityContext } from '../../pod.ts'

const id = 'user'

/** `1000`, `1000:1000`, `root`; undefined for names that only the image knows. */
function parseUser(user: string): Pick<SecurityContext, 'runAsUser' | 'runAsGroup'> | undefined {
  const [name = '', group] = user.split(':')
  const uid = idOf(name)
  const gid = group === undefined || group === '' ? undefined : idOf(group)
  if (uid === undefined || (gid === undefined && group !== undefined && group !== ''))
    return undefined
  return { runAsUser: uid, ...(gid === undefined ? {} : { runAsGroup: gid }) }
}

function idOf(text: string): number | undefined {
  if (text === 'root') return 0
  return /^\d+$/.test(text) ? Number(text) : undefined
}

export default {
  id,
  title: 'Run a program as the user and groups that the project names',
  plan({ services }) {
    for (const { compose, note } of services) {
      const { user, group_add } = compose
      if (user !== undefined && user !== '')
        if (parseUser(user) === undefined)
          note(
            id,
            ['user'],
            'dropped',
            `Kubernetes takes numbers, and only the image knows ${user}`,
            {
              dangerous: true,
              hint: 'write the number of the user: docker run --rm IMAGE id',
            },
          )
        else note(id, ['user'], 'kept', 'runAsUser and runAsGroup')
      for (const [index, group] of asList(group_add).entries())
        if (idOf(group) === undefined)
          note(id, ['group_add', index], 'dropped', `only the image knows the group ${group}`, {
            dangerous: true,
            hint: 'write the number of the group',
          })
        else note(id, ['group_add', index], 'kept', 'supplementalGroups')
    }
  },
  build({ workloads }) {
    for (const { from, pod, program } of workloads) {
      const { user = '', group_add } = from.compose
      const ids = parseUser(user)
      if (ids !== undefined) program.securityContext = { ...program.securityContext, ...ids }
      const groups = asList(group_add).flatMap((group) => idOf(group) ?? [])
      if (groups.length > 0)
        pod.spec.securityContext = { ...pod.spec.securityContext, supplementalGroups: groups }
    }
  },
} satisfies Adaptation

function asList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
