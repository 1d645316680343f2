/** The library behind the commands, for programs: load, convert, deploy. */
export { loadProject } from '@landfall/compose'
export { nodeFiles } from '@landfall/compose/node'
export { convertProject, emitManifests, loadLandfallFile } from '@landfall/convert'
export { deployRelease, downRelease, preflight, releaseLogs, releaseStatus } from '@landfall/deploy'
export { imagesOf, kubeClient, pinImages, resolveBundle } from '@landfall/kube'
