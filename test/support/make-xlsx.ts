import { crc32, deflateRawSync } from "node:zlib";

/** A ZIP file of these parts. `claims`: the unpacked size that the directory gives, where it lies. */
export function makeZip(parts: Readonly<Record<string, string | Buffer>>, claims?: number): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [path, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(path);
    const facts = Buffer.alloc(26);
    [20, 0, 8, 0, 33].forEach((value, i) => void facts.writeUInt16LE(value, i * 2));
    [crc32(bytes), packed.length, claims ?? bytes.length].forEach(
      (value, i) => void facts.writeUInt32LE(value, 10 + i * 4),
    );
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), facts, place, name);
    bodies.push(Buffer.from("PK\x03\x04"), facts, name, packed);
    offset += 4 + facts.length + name.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, index, end]);
}

export type SheetSource = { xml: string; hidden?: boolean };

/** A workbook as other programs write them: what stands in a sheet is given as its XML. */
export function makeXlsx(
  sheets: readonly SheetSource[],
  more: { strings?: string; styles?: string } = {},
  claims?: number,
): Buffer {
  const list = sheets.map(
    ({ hidden }, i) => `<sheet name="s${i}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ""} r:id="r${i}"/>`,
  );
  const relations = sheets.map(
    (_, i) => `<Relationship Id="r${i}" Type="http://x/worksheet" Target="worksheets/sheet${i}.xml"/>`,
  );
  return makeZip(
    {
      "xl/workbook.xml": `<workbook xmlns:r="x"><sheets>${list.join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `<Relationships>${relations.join("")}</Relationships>`,
      ...(more.strings ? { "xl/sharedStrings.xml": `<sst>${more.strings}</sst>` } : {}),
      ...(more.styles ? { "xl/styles.xml": `<styleSheet>${more.styles}</styleSheet>` } : {}),
      ...Object.fromEntries(
        sheets.map(({ xml }, i) => [`xl/worksheets/sheet${i}.xml`, `<worksheet>${xml}</worksheet>`]),
      ),
    },
    claims,
  );
}
