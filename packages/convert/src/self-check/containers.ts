import { isDnsLabel, isEnvironmentName } from '@landfall/kube'
import type { Container } from '../objects/pod.ts'
import type { Finding, Rule } from './finding.ts'
import { containersIn, type TemplateIn, templatesOf } from './pods.ts'
import { repeated } from './repeated.ts'

/** Kinds whose pods always start again. */
const KEPT_RUNNING = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])

const PORT_NAME = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/

/** Names, ports, variables, mounts and restart policies of every pod. */
export const containerRule: Rule = (objects) =>
  templatesOf(objects).flatMap((found) => [
    ...checkRestart(found),
    ...checkNames(found),
    ...containersIn(found.template).flatMap(({ at, container }) =>
      checkContainer(found, at, container),
    ),
  ])

function checkRestart({ object, kind, at, template }: TemplateIn): Finding[] {
  const policy = template.spec.restartPolicy ?? 'Always'
  const legal = KEPT_RUNNING.has(kind) ? policy === 'Always' : kind === 'Pod' || policy !== 'Always'
  return legal
    ? []
    : [{ object, at: `${at}/spec/restartPolicy`, message: `${policy} is not for a ${kind}` }]
}

function checkNames({ object, at, template }: TemplateIn): Finding[] {
  const containers = containersIn(template)
  const volumes = template.spec.volumes ?? []
  return [
    ...repeated(containers.map(({ container }) => container.name)).map((name) => ({
      object,
      at: `${at}/spec/containers`,
      message: `two containers are named ${name}`,
    })),
    ...repeated(volumes.map(({ name }) => name)).map((name) => ({
      object,
      at: `${at}/spec/volumes`,
      message: `two volumes are named ${name}`,
    })),
    ...[...containers.map(({ container }) => container.name), ...volumes.map(({ name }) => name)]
      .filter((name) => !isDnsLabel(name))
      .map((name) => ({ object, at: `${at}/spec`, message: `${name} is no legal name` })),
  ]
}

function checkContainer(
  { object, owner, at, template }: TemplateIn,
  where: string,
  container: Container,
): Finding[] {
  const claims: { metadata: { name: string } }[] = owner.spec?.volumeClaimTemplates ?? []
  const volumes = new Set([
    ...(template.spec.volumes ?? []).map(({ name }) => name),
    ...claims.map(({ metadata }) => metadata.name),
  ])
  const { ports = [], env = [], volumeMounts = [] } = container
  const problems = [
    ...repeated(volumeMounts.map(({ mountPath }) => mountPath)).map(
      (path) => `two mounts are at ${path}`,
    ),
    ...volumeMounts
      .filter(({ name }) => !volumes.has(name))
      .map(({ name }) => `there is no volume ${name}`),
    ...volumeMounts
      .filter(({ mountPath }) => mountPath === '' || mountPath.includes(':'))
      .map(({ mountPath }) => `nothing can be mounted at "${mountPath}"`),
    ...env
      .filter(({ name }) => !isEnvironmentName(name))
      .map(({ name }) => `"${name}" is no name of a variable`),
    ...repeated(ports.map(({ name }) => name)).map((name) => `two ports are named ${name}`),
    ...ports
      .filter(({ name }) => name !== undefined && (name.length > 15 || !PORT_NAME.test(name)))
      .map(({ name }) => `${name} is no name of a port`),
    ...ports
      .filter(({ containerPort }) => !(containerPort > 0 && containerPort < 65_536))
      .map(({ containerPort }) => `${containerPort} is no port`),
  ]
  return problems.map((message) => ({ object, at: `${at}${where}`, message }))
}
