/** What an API server answers to an account that lacks a right, on an object or a kind of object. */
const REFUSED =
  /User "([^"]*)" cannot (\w+) resource "([^"]+)" in API group "([^"]*)" (?:in the namespace "([^"]+)"|at the cluster scope)/

/** Which right an account lacks, and the commands that give it; undefined for any other refusal. */
export function missingRight(message: string): { message: string; hint: string } | undefined {
  const match = REFUSED.exec(message)
  if (match === null) return undefined
  const [, user = '', verb = '', resource = '', group = '', namespace] = match
  const kind = group === '' ? resource : withGroup(resource, group)
  const where = namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`
  const scope = namespace === undefined ? 'cluster' : ''
  const within = namespace === undefined ? '' : ` -n ${namespace}`
  const name = `landfall-${verb}-${resource.replace('/', '-')}`
  return {
    message: `you (${user}) may not ${verb} ${kind} ${where}`,
    hint: [
      `kubectl create ${scope}role ${name} --verb=${verb} --resource=${kind}${within}`,
      `kubectl create ${scope}rolebinding ${name} --${scope}role=${name} ${subjectOf(user)}${within}`,
    ].join(' && '),
  }
}

/** `deployments.apps`, `deployments.apps/scale` */
function withGroup(resource: string, group: string): string {
  const [plural, ...sub] = resource.split('/')
  return [`${plural}.${group}`, ...sub].join('/')
}

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects */
function subjectOf(user: string): string {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  return name === undefined ? `--user=${user}` : `--serviceaccount=${namespace}:${name}`
}
