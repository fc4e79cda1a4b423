// Numbers and times in the language and the digits of the page; Arabic may have either.
const page = document.documentElement;

export const locale = `${page.lang === "en" ? "en-GB" : page.lang}-u-nu-${page.dataset.digits ?? "latn"}`;

export function number(value, options) {
  return new Intl.NumberFormat(locale, options).format(value);
}
