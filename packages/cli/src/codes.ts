/** Every code of an error that the command line itself reports, each with the one line that documents it. */
export const cliCodes = {
  'cli/usage':
    'The command line, the kubeconfig or this machine does not allow what the command is to do.',
  'cli/failed': 'Something outside of the project failed; the message says what.',
  'cli/cluster-refused':
    'The API server of the cluster refused a request; the message is its own, or names the right that the account lacks.',
  'cli/cluster-unreachable':
    'The API server of the cluster cannot be reached, or does not answer as the Kubernetes API specifies.',
  'cli/build-failed':
    'An image that the project builds cannot be built. The message holds the last lines of the build.',
  'cli/unfetched-context':
    'A Git repository or an archive that an image is built from cannot be fetched.',
  'cli/manifest-syntax': 'A manifest of `--bundle` is not valid YAML.',
  'cli/manifest-incomplete':
    'A document of a manifest is not a Kubernetes object: it has no apiVersion, kind or name, or a number that cannot be kept.',
  'cli/manifest-twice': 'Two manifests have the same object.',
  'cli/manifest-not-read': 'Manifests in further directories are not part of what is deployed.',
  'cli/manifest-namespace':
    'An object is in another namespace than the release: a release is in one namespace.',
  'cli/manifest-scope':
    'An object is in no namespace, and the cluster does not have it as the manifest has it. `up` changes one namespace only.',
  'cli/manifest-left-out':
    'An object is not part of the release, because it is in no namespace, or is the Namespace itself.',
  'cli/manifest-kind': 'The cluster does not have the kind of an object.',
  'cli/manifest-unseen':
    'The verdict does not include the state of an object, because Landfall does not know its kind or does not observe it.',
  'cli/manifest-refused': 'The API server does not accept an object; nothing was changed.',
  'cli/manifest-waits':
    'The pods of a workload wait for files that only `landfall up PROJECT` copies into their volume.',
  'cli/chart-hook':
    'An object of a chart is a hook, which helm runs at a time of its own. Tests and hooks of deletion and rollback are left out.',
  'cli/chart-random': 'A chart gives other objects each time that it is rendered.',
  'cli/interrupted': 'The command was interrupted. Running it again continues from there.',
  'cli/bug': 'A bug in Landfall. Please report it with the stack trace on stderr and the project.',
} as const satisfies Record<`cli/${string}`, string>

export type CliCode = keyof typeof cliCodes
