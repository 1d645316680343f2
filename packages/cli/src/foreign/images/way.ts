import type { EngineName } from '@landfall/local-cluster'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import { type ClusterKind, usesDocker } from '../kind/cluster-kind.ts'

/** An image on this machine: in the store of an engine, or in an archive. */
export type LocalImage = { reference: string } | { archive: string }

/** A command that takes an image to the nodes. */
export interface LoadCommand {
  program: string
  args: readonly string[]
  /** The file that it reads as standard input. */
  input?: string
  env?: Readonly<Record<string, string>>
}

/** How images that are built here get to the nodes of a cluster. */
export type Way =
  /** The nodes run containers with an engine that builds, too: `contexts` are names under which Docker may know it. */
  | { way: 'shared'; contexts: readonly string[]; policy: PullPolicy }
  /** The tool of the cluster loads them; `stores` are engines from whose store it takes them itself. */
  | {
      way: 'tool'
      program: string
      stores: readonly EngineName[]
      load(image: LocalImage): LoadCommand
    }
  /** nerdctl builds in the namespace of containerd that the nodes use; it loads archives as well. */
  | { way: 'namespace'; command: readonly [string, ...string[]] }
  /** None but a registry. `why`: what keeps another way from working, as a clause. */
  | { way: 'registry'; why: string }

export type PullPolicy = 'Never' | 'IfNotPresent'

/** What of this machine decides about ways. */
export interface ThisMachine {
  platform: NodeJS.Platform
  isRoot: boolean
  /** Names and addresses by which a node may be this machine. */
  names: readonly string[]
}

/** The way of images to a cluster. */
export function wayOf(
  cluster: ClusterKind,
  { nodes }: Pick<ClusterFacts, 'nodes'>,
  machine: ThisMachine,
): Way {
  switch (cluster.kind) {
    case 'kind':
      return kindLoad(cluster)
    case 'k3d':
      return tool('k3d', ['docker'], (image) => [
        ...['image', 'import', 'reference' in image ? image.reference : image.archive],
        ...['--cluster', cluster.name],
      ])
    case 'minikube':
      return tool('minikube', ['docker'], (image) => [
        ...['--profile', cluster.profile, 'image', 'load'],
        ...('reference' in image ? ['--daemon=true', image.reference] : [image.archive]),
      ])
    case 'docker-desktop':
      return {
        way: 'shared',
        contexts: ['desktop-linux'],
        // nodes in containers get images from the engine through a mirror of their own, which is a pull
        policy: cluster.nodes === 'containers' ? 'IfNotPresent' : 'Never',
      }
    case 'orbstack':
      return { way: 'shared', contexts: ['orbstack'], policy: 'Never' }
    case 'colima': {
      const { profile } = cluster
      if (nodes?.every(usesDocker) ?? true)
        return {
          way: 'shared',
          contexts: [profile === 'default' ? 'colima' : `colima-${profile}`],
          policy: 'Never',
        }
      return {
        way: 'namespace',
        command: ['colima', 'nerdctl', '--profile', profile, '--', '--namespace', 'k8s.io'],
      }
    }
    case 'rancher-desktop':
      if (nodes?.every(usesDocker) ?? true)
        return { way: 'shared', contexts: ['rancher-desktop'], policy: 'Never' }
      return { way: 'namespace', command: ['nerdctl', '--namespace', 'k8s.io'] }
    case 'microk8s':
      // elsewhere than on Linux it has a machine of its own, which its command reaches
      if (machine.platform === 'linux' && !nodes?.some((node) => isHere(node, machine)))
        return { way: 'registry', why: 'none of its nodes is this machine' }
      return {
        ...{ way: 'tool', program: 'microk8s', stores: [] },
        load: (image) =>
          // since 1.25, for all nodes of the cluster
          ({ program: 'microk8s', args: ['images', 'import'], input: archiveOf(image) }),
      }
    case 'k3s':
      return k3sImport(nodes ?? [], machine)
    default:
      return { way: 'registry', why: 'it cannot pull images from this machine' }
  }
}

function kindLoad({ name, engine }: Extract<ClusterKind, { kind: 'kind' }>): Way {
  const env = engine === 'docker' ? {} : { KIND_EXPERIMENTAL_PROVIDER: engine }
  return {
    ...{ way: 'tool', program: 'kind', stores: engine === 'docker' ? ['docker'] : [] },
    load: (image) => ({
      program: 'kind',
      args: [
        ...('reference' in image
          ? ['load', 'docker-image', image.reference]
          : ['load', 'image-archive', image.archive]),
        ...['--name', name],
      ],
      env,
    }),
  }
}

/** containerd's store of one node; its client is part of k3s, for root alone. */
function k3sImport(nodes: NonNullable<ClusterFacts['nodes']>, machine: ThisMachine): Way {
  const [node] = nodes
  if (node === undefined || !isHere(node, machine))
    return { way: 'registry', why: 'its node is not this machine' }
  if (nodes.length > 1)
    return { way: 'registry', why: 'it has several nodes, and an import reaches one' }
  if (usesDocker(node)) return { way: 'shared', contexts: [], policy: 'Never' }
  if (!machine.isRoot)
    return { way: 'registry', why: '`k3s ctr images import` needs root (run landfall with sudo)' }
  return tool('k3s', [], (image) => ['ctr', 'images', 'import', archiveOf(image)])
}

function isHere(
  { name, addresses }: { name: string; addresses: readonly string[] },
  { names }: ThisMachine,
): boolean {
  return [name, ...addresses].some((one) => names.includes(one))
}

function tool(
  program: string,
  stores: readonly EngineName[],
  args: (image: LocalImage) => string[],
): Way {
  return { way: 'tool', program, stores, load: (image) => ({ program, args: args(image) }) }
}

function archiveOf(image: LocalImage): string {
  return 'archive' in image ? image.archive : image.reference
}

/** The platform for which images are built, where it is not that of this machine: `linux/arm64`. */
export function buildPlatform(
  { nodes }: Pick<ClusterFacts, 'nodes'>,
  own: NodeJS.Architecture,
): string | undefined {
  const wanted = new Set((nodes ?? []).map(({ architecture }) => architecture))
  const here = own === 'x64' ? 'amd64' : own
  const [first] = wanted
  return first === undefined || first === '' || wanted.has(here) ? undefined : `linux/${first}`
}
