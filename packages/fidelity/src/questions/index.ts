import type { Question } from '../question.ts'
import { addresses } from './addresses.ts'
import { lastingBinds, machineBinds, readOnlyMounts, separateBinds, sharedBinds } from './binds.ts'
import { boundFiles, boundFolders, configs, secrets } from './files.ts'
import { commandHealthchecks, shellHealthchecks } from './health.ts'
import { namesWithoutPorts, otherNames, remappedPorts, serviceNames } from './names.ts'
import { oneShots } from './one-shots.ts'
import { order } from './order.ts'
import { commands, environments } from './program.ts'
import { lastingVolumes, namedVolumes } from './volumes.ts'

/** Every question in the order of the list. */
export const questions: readonly Question[] = [
  order,
  serviceNames,
  namesWithoutPorts,
  addresses,
  remappedPorts,
  otherNames,
  shellHealthchecks,
  commandHealthchecks,
  oneShots,
  boundFolders,
  boundFiles,
  lastingBinds,
  sharedBinds,
  separateBinds,
  readOnlyMounts,
  machineBinds,
  secrets,
  configs,
  namedVolumes,
  lastingVolumes,
  environments,
  commands,
]
