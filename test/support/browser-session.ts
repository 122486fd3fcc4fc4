import { csrfToken, SESSION_COOKIE } from "../../src/web/guard.ts";
import { TEST_KEY } from "./database.ts";
import { PASSWORD } from "./given.ts";

/** Somebody signed in with a browser that shows no pictures: cookies, forms and redirects. */
export type Visitor = {
  get(path: string): Promise<Response>;
  /** A form of ours: with its token, as the page would send it. */
  post(path: string, fields?: Record<string, string>): Promise<Response>;
  token: string;
};

export async function signIn(url: string, login: string, password = PASSWORD): Promise<Visitor> {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ login, password }),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`));
  const token = cookie?.slice(SESSION_COOKIE.length + 1).split(";")[0];
  if (answer.status !== 303 || !token) throw new Error(`${login} was not signed in: ${answer.status}`);
  const headers = { cookie: `${SESSION_COOKIE}=${token}` };
  return {
    token,
    get: (path) => fetch(url + path, { headers, redirect: "manual" }),
    post: (path, fields = {}) =>
      fetch(url + path, {
        method: "POST",
        headers,
        redirect: "manual",
        body: new URLSearchParams({ _csrf: csrfToken(TEST_KEY, token), ...fields }),
      }),
  };
}
