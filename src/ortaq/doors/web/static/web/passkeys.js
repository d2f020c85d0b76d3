// SPDX-License-Identifier: Apache-2.0
// Passkeys: asks the browser for one, and sends what it answers with the form. Forms are hidden without this script.
"use strict";

(() => {
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => {
    let plain = "";
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = (options) => {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = withBytes(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = withBytes(key.allowCredentials);
    return { publicKey: key };
  };

  const answer = (credential) => {
    const given = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) given[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) given.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: given,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const options = async (form) => {
    const kept = form.querySelector("script[type='application/json']");
    if (kept) return JSON.parse(kept.textContent);
    const response = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  };

  const fault = (form, name) => {
    for (const one of form.querySelectorAll("[data-fault]")) one.hidden = one.dataset.fault !== name;
  };

  const use = async (event) => {
    const form = event.currentTarget;
    if (form.elements.credential.value) return;
    event.preventDefault();
    fault(form, "");
    try {
      const call = form.dataset.passkey === "create" ? "create" : "get";
      const credential = await navigator.credentials[call](asked(await options(form)));
      form.elements.credential.value = JSON.stringify(answer(credential));
      form.requestSubmit();
    } catch (error) {
      fault(form, error.name === "SecurityError" ? "impossible" : "refused");
    }
  };

  if (window.PublicKeyCredential) {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      form.hidden = false;
      form.addEventListener("submit", use);
    }
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
