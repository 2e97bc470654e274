/** Where tabulated values come from: the work, the table they were read from, and its licence. */
export interface Citation {
  /** Author, title or journal, year. */
  readonly reference: string;
  readonly doi?: string;
  /** The machine-readable table that the numbers were read from. */
  readonly table: string;
  readonly license: string;
}

const mendeleev =
  "lmmentel/mendeleev @ 580e34010f5c90cf0a025d365948fd343670e9d2, mendeleev/elements.db";
const matminer =
  "hackingmaterials/matminer @ 8ddb18c74064ab3668d7b5aed7c360abdfdae5de, matminer/utils/data_files";
const pymatgen = "pymatgen, core/periodic_table.json";
const facts = "none stated; numerical facts, cited";

/** Every source of the element and pair tables. */
export const sources = {
  iupacWeights: {
    reference:
      "J. Meija et al., Atomic weights of the elements 2013, Pure Appl. Chem. 88, 265 (2016)",
    doi: "10.1515/pac-2015-0305",
    table: mendeleev,
    license: "MIT",
  },
  mendeleevTable: {
    reference: "L. Mentel, mendeleev: a Python package with properties of chemical elements (2014)",
    table: mendeleev,
    license: "MIT",
  },
  crc95: {
    reference: "W. M. Haynes (ed.), CRC Handbook of Chemistry and Physics, 95th edition (2014)",
    table: mendeleev,
    license: "MIT",
  },
  crc97: {
    reference: "W. M. Haynes (ed.), CRC Handbook of Chemistry and Physics, 97th edition (2016)",
    table: mendeleev,
    license: "MIT",
  },
  kayeLaby: {
    reference: "Kaye and Laby, Tables of Physical and Chemical Constants, 16th edition (1995)",
    table: mendeleev,
    license: "MIT",
  },
  slater: {
    reference: "J. C. Slater, Atomic radii in crystals, J. Chem. Phys. 41, 3199 (1964)",
    doi: "10.1063/1.1725697",
    table: mendeleev,
    license: "MIT",
  },
  cordero: {
    reference: "B. Cordero et al., Covalent radii revisited, Dalton Trans. 2832 (2008)",
    doi: "10.1039/b801115j",
    table: mendeleev,
    license: "MIT",
  },
  pyykko: {
    reference: "P. Pyykko, M. Atsumi, Chem. Eur. J. 15, 186 (2009)",
    doi: "10.1002/chem.200800987",
    table: mendeleev,
    license: "MIT",
  },
  alvarez: {
    reference:
      "S. Alvarez, A cartography of the van der Waals territories, Dalton Trans. 42, 8617 (2013)",
    doi: "10.1039/c3dt50599e",
    table: mendeleev,
    license: "MIT",
  },
  allen: {
    reference:
      "J. B. Mann et al., J. Am. Chem. Soc. 122, 5132 (2000) for d-block elements; J. B. Mann, T. L. Meek, L. C. Allen, J. Am. Chem. Soc. 122, 2780 (2000)",
    doi: "10.1021/ja992866e",
    table: mendeleev,
    license: "MIT",
  },
  deBoer: {
    reference:
      "F. R. de Boer et al., Cohesion in Metals: Transition Metal Alloys, North-Holland (1988)",
    table: mendeleev,
    license: "MIT",
  },
  prices: {
    reference:
      "Wikipedia, Prices of chemical elements, revision 1262554464 (2024); mixed years and purities",
    table: mendeleev,
    license: "MIT",
  },
  magpie: {
    reference:
      "L. Ward et al., A general-purpose machine learning framework, npj Comput. Mater. 2, 16028 (2016)",
    doi: "10.1038/npjcompumats.2016.28",
    table: `${matminer}/magpie_elementdata`,
    license: "BSD-3-Clause-LBNL",
  },
  miracle: {
    reference: "D. B. Miracle et al., Int. Mater. Rev. 55, 218 (2010)",
    doi: "10.1179/095066010X12646898728200",
    table: `${matminer}/magpie_elementdata/MiracleRadius.table`,
    license: "BSD-3-Clause-LBNL",
  },
  gaultois: {
    reference: "M. W. Gaultois et al., Chem. Mater. 25, 2911 (2013)",
    doi: "10.1021/cm400893e",
    table: `${matminer}/magpie_elementdata`,
    license: "BSD-3-Clause-LBNL",
  },
  kittel: {
    reference: "C. Kittel, Introduction to Solid State Physics, 8th edition, Wiley (2005)",
    table: `${matminer}/cohesive_energies.json`,
    license: "BSD-3-Clause-LBNL",
  },
  pymatgen: {
    reference: "S. P. Ong et al., Python Materials Genomics, Comput. Mater. Sci. 68, 314 (2013)",
    doi: "10.1016/j.commatsci.2012.10.028",
    table: pymatgen,
    license: "MIT",
  },
  guoLiu: {
    reference: "S. Guo, C. T. Liu, Prog. Nat. Sci. Mater. Int. 21, 433 (2011)",
    doi: "10.1016/S1002-0071(12)60080-X",
    table:
      "fernandohcosta/CCAs-HEAs-calculator @ 61da0c37c7e62e1b02835da3f7b5ee96ae31fb8d, Elementdata.csv",
    license: facts,
  },
  guoVec: {
    reference: "S. Guo, C. Ng, J. Lu, C. T. Liu, J. Appl. Phys. 109, 103505 (2011)",
    doi: "10.1063/1.3587228",
    table: "group of the periodic table; the rule stands in the note",
    license: facts,
  },
  zeng: {
    reference: "C. Zeng, Z. Khan, N. L. Post, arXiv:2409.06740 (2024)",
    doi: "10.48550/arXiv.2409.06740",
    table: "cengc13/d_vae_hea @ 84e4084464321a5ad154b1888fee35885ab96e6f, data",
    license: facts,
  },
  gorsse: {
    reference: "S. Gorsse, T. Langlois, A.-C. Yeh, M. R. Barnett, Sci. Data 12, 288 (2025)",
    doi: "10.1038/s41597-025-04568-x",
    table: "sgorsse/AlloySustainability @ df66aaccfe64cd34c591e48f6de968e713f86568, data",
    license: "CC-BY-4.0",
  },
  takeuchiInoue: {
    reference:
      "A. Takeuchi, A. Inoue, Mater. Trans. 46, 2817 (2005), after Miedema (de Boer et al., 1988)",
    doi: "10.2320/matertrans.46.2817",
    table: `${matminer}/MiedemaLiquidDeltaHf.tsv`,
    license: "BSD-3-Clause-LBNL",
  },
} as const satisfies Record<string, Citation>;

/** A citation in one line: `D. B. Miracle et al., Int. Mater. Rev. 55, 218 (2010), doi:...`. */
export function citationText(citation: Citation): string {
  return citation.doi === undefined
    ? citation.reference
    : `${citation.reference}, doi:${citation.doi}`;
}
