/** A message a person typed, as `message_send` takes it: its first line is the subject. */
const LONGEST_SUBJECT = 120;

export function letterOf(to: string, text: string): { readonly to: string; readonly subject: string; readonly body: string } {
  const [first = ""] = text.trim().split("\n");
  const subject = first.length > LONGEST_SUBJECT ? `${first.slice(0, LONGEST_SUBJECT - 1)}…` : first;
  return { to, subject, body: text };
}
