// Passkeys: asks the browser for one and submits it with its form. Without this file a page simply offers the other ways.

const decode = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")), (sign) => sign.charCodeAt(0));
};

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (keys) => keys?.map((key) => ({ ...key, id: decode(key.id) }));

async function create(options, alone) {
  const wanted = { ...options, challenge: decode(options.challenge), user: { ...options.user, id: decode(options.user.id) } };
  wanted.excludeCredentials = known(options.excludeCredentials);
  // A key that signs in alone must be kept on the device, and must ask who holds it.
  wanted.authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  const made = await navigator.credentials.create({ publicKey: wanted });
  return { made, response: { attestationObject: encode(made.response.attestationObject), transports: made.response.getTransports?.() } };
}

async function get(options) {
  const wanted = { ...options, challenge: decode(options.challenge), allowCredentials: known(options.allowCredentials) };
  const made = await navigator.credentials.get({ publicKey: wanted });
  const { authenticatorData, signature, userHandle } = made.response;
  const response = { authenticatorData: encode(authenticatorData), signature: encode(signature) };
  if (userHandle) response.userHandle = encode(userHandle);
  return { made, response };
}

async function options(form) {
  const written = document.getElementById(form.dataset.options);
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options;
}

async function use(form) {
  const { publicKey } = await options(form);
  const alone = Boolean(form.elements.passwordless?.checked);
  const { made, response } = form.dataset.passkey === "create" ? await create(publicKey, alone) : await get(publicKey);
  form.querySelector("[data-credential]").value = JSON.stringify({
    id: made.id,
    rawId: encode(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response: { clientDataJSON: encode(made.response.clientDataJSON), ...response },
  });
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-problem]");
      problem.hidden = true;
      try {
        await use(form);
      } catch {
        problem.textContent = form.dataset.failed;
        problem.hidden = false;
      }
    });
  }
}
