import { by, type KeyRules, kept, loader, refused } from './key-rule.ts'

/** Everything beside the services. */
export const projectKeys: KeyRules = {
  configs: by('secrets-and-configs'),
  include: loader('what it includes is in the project'),
  models: refused(
    'models are run by Docker itself',
    'run the model as a service, and give its address to the program',
  ),
  name: kept('names the release'),
  networks: by('names-to-services'),
  secrets: by('secrets-and-configs'),
  version: loader('is obsolete, and says nothing'),
  volumes: by('volumes'),
}
