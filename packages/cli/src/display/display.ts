import type { DeployEvent } from '@landfall/deploy'
import type { ProgressEvent } from '@landfall/local-cluster'

/** Shows what happens while it happens. */
export interface Display {
  /** A step of our own: building, starting, pulling. */
  progress(event: ProgressEvent): void
  /** A step of a deploy. */
  deploy(event: DeployEvent): void
  /** One line that stays. */
  say(line: string): void
  /** Nothing is shown after this. */
  close(): void
}
