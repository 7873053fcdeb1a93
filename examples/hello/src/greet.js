const HELLO = {
  en: "Hello",
};

/** "Hello, Ada!" in a language that is known. */
export function greet(name, language = "en") {
  const word = HELLO[language];
  if (word === undefined) throw new Error(`no greeting in ${language}`);
  return `${word}, ${name}!`;
}
