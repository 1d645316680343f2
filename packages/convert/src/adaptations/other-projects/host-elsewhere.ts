import { toDnsLabel, toServiceName } from '@landfall/kube'

/**
 * Where a container of another project is, when Landfall deploys that project to the namespace of its own name. Compose names
 * containers `project-service-1` and networks `project_default`; a name of another form is a service of the project whose
 * network it is on, or of a project with the same name.
 * Reference: https://docs.docker.com/compose/how-tos/networking/
 */
export function hostElsewhere(container: string, networks: readonly string[]): string {
  const projects = networks.flatMap((network) => /^(.+)_default$/.exec(network)?.[1] ?? [])
  const [, stem = container] = /^(.+)[-_]\d+$/.exec(container) ?? []
  const project = projects.find((one) => stem.startsWith(`${one}-`) || stem.startsWith(`${one}_`))
  if (project !== undefined) return host(stem.slice(project.length + 1), project)
  const [, first, service] = (stem === container ? null : /^([^-_]+)[-_](.+)$/.exec(stem)) ?? []
  if (first !== undefined && service !== undefined) return host(service, first)
  return host(container, projects[0] ?? networks[0] ?? container)
}

function host(service: string, project: string): string {
  return `${toServiceName(service)}.${toDnsLabel(project)}.svc.cluster.local`
}
