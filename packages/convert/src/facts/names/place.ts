import type { FileContent } from '../../plan/plan.ts'

/** Where a text of a service is that may reference hosts. */
export type TextPlace =
  | { kind: 'environment' | 'image-environment'; variable: string }
  /** One word of a command. */
  | { kind: 'entrypoint' | 'command' | 'healthcheck' | 'image-command'; index: number }
  /** A file in the container, as the plan holds it. */
  | { kind: 'file'; path: string; file: FileContent }
  /** `settings`: a command of landfall.yaml; `done-when`: the effect of a one-shot there. */
  | { kind: 'image-healthcheck' | 'done-when' | 'settings' | 'dns' }

/** `environment.DATABASE_URL`, `command`, `/etc/nginx/nginx.conf` */
export function placeText(place: TextPlace): string {
  switch (place.kind) {
    case 'environment':
      return `environment.${place.variable}`
    case 'image-environment':
      return `ENV ${place.variable} of the image`
    case 'image-command':
      return 'CMD of the image'
    case 'image-healthcheck':
      return 'HEALTHCHECK of the image'
    case 'file':
      return place.path
    case 'done-when':
      return 'doneWhen in landfall.yaml'
    case 'settings':
      return 'landfall.yaml'
    default:
      return place.kind
  }
}
