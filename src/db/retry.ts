/** Statements that touch the same rows in a different order may meet; PostgreSQL lets one go, and it starts over. */
const MET_ANOTHER = new Set(["40P01", "40001"]);

export async function retryIfMet<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (tries >= 5 || !MET_ANOTHER.has(code)) throw error;
    }
  }
}
