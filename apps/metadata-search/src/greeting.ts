/** What is said to a guest. */
export function greetingFor(name: string): string {
  return `Good day, ${name.trim()}!`;
}
