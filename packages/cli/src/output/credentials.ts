import { maskText } from '@landfall/diagnostic'

/** A text of the cluster or of a program without the user names and passwords in its URLs, `amqp://***@queue:5672`, and without other secrets. */
export function withoutCredentials(text: string): string {
  return maskText(text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi, '$1***@'))
}
