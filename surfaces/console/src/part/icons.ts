import CheckMark from '@atlaskit/icon/core/check-mark'
import Copy from '@atlaskit/icon/core/copy'
import LinkExternal from '@atlaskit/icon/core/link-external'
import Search from '@atlaskit/icon/core/search'

type Icon = typeof Copy

/** Atlaskit ships its glyphs as CommonJS: imported from an ES module, the component arrives inside the module's exports. */
function iconOf(exported: Icon | { readonly default: Icon }): Icon {
  return 'default' in exported ? exported.default : exported
}

export const CheckMarkIcon = iconOf(CheckMark)
export const CopyIcon = iconOf(Copy)
export const LinkExternalIcon = iconOf(LinkExternal)
export const SearchIcon = iconOf(Search)
