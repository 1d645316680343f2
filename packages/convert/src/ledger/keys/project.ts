import { answer, by, type KeyRules, loader } from './key-rule.ts'
import { asItIs, notConverted } from './reasons.ts'

/** Everything beside the services. */
export const projectKeys: KeyRules = {
  configs: by('secrets-and-configs'),
  include: loader('the included files are part of the project'),
  models: answer(notConverted('models')),
  name: answer(asItIs('release-name')),
  networks: by('names-to-services'),
  secrets: by('secrets-and-configs'),
  version: loader('obsolete, without meaning'),
  volumes: by('volumes'),
}
