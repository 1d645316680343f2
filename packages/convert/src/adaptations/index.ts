import type { Adaptation } from '../adaptation.ts'
import command from './command/index.ts'
import composeService from './compose-service/index.ts'
import containerPorts from './container-ports/index.ts'
import copies from './copies/index.ts'
import declaredProbes from './declared-probes/index.ts'
import devices from './devices/index.ts'
import drain from './drain/index.ts'
import environment from './environment/index.ts'
import exposure from './exposure/index.ts'
import externalServices from './external-services/index.ts'
import extraHosts from './extra-hosts/index.ts'
import fileEdits from './file-edits/index.ts'
import files from './files/index.ts'
import gates from './gates/index.ts'
import healthcheckToProbes from './healthcheck-to-probes/index.ts'
import hooks from './hooks/index.ts'
import hostMounts from './host-mounts/index.ts'
import identity from './identity/index.ts'
import imageContentSeed from './image-content-seed/index.ts'
import imageDefaults from './image-defaults/index.ts'
import imagesAndBuilds from './images-and-builds/index.ts'
import keeper from './keeper/index.ts'
import labelsToAnnotations from './labels-to-annotations/index.ts'
import literalAddresses from './literal-addresses/index.ts'

import namesToServices from './names-to-services/index.ts'
import networkPolicy from './network-policy/index.ts'
import oneShotToJob from './one-shot-to-job/index.ts'
import otherProjects from './other-projects/index.ts'
import ownName from './own-name/index.ts'
import permissions from './permissions/index.ts'
import placement from './placement/index.ts'
import privileges from './privileges/index.ts'
import reach from './reach/index.ts'
import resolver from './resolver/index.ts'
import resources from './resources/index.ts'
import restartsWith from './restarts-with/index.ts'
import rollout from './rollout/index.ts'
import secretsAndConfigs from './secrets-and-configs/index.ts'
import sharedNamespaces from './shared-namespaces/index.ts'
import steps from './steps/index.ts'
import stopping from './stopping/index.ts'
import sysctls from './sysctls/index.ts'
import unprivileged from './unprivileged/index.ts'
import user from './user/index.ts'
import volumes from './volumes/index.ts'
import workloadKind from './workload-kind/index.ts'

/** Every adaptation in the order in which they decide, and in which they write objects. */
export const adaptations: readonly Adaptation[] = [
  workloadKind,
  identity,
  imagesAndBuilds,
  command,
  environment,
  user,
  privileges,
  permissions,
  resources,
  sysctls,
  devices,
  files,
  secretsAndConfigs,
  fileEdits,
  hostMounts,
  volumes,
  imageDefaults,
  sharedNamespaces,
  networkPolicy,
  placement,
  externalServices,
  namesToServices,
  literalAddresses,
  otherProjects,
  extraHosts,
  resolver,
  labelsToAnnotations,
  composeService,
  containerPorts,
  exposure,
  unprivileged,
  declaredProbes,
  healthcheckToProbes,
  reach,
  rollout,
  ownName,
  gates,
  imageContentSeed,
  steps,
  stopping,
  hooks,
  drain,
  oneShotToJob,
  copies,
  restartsWith,
  keeper,
]
