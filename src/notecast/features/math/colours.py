"""Names of colours that browsers know and math-core does not (CSS Color 4, section 6.1)."""

_NAMES = (
    "aliceblue antiquewhite aqua aquamarine azure beige bisque blanchedalmond blueviolet burlywood"
    " cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson darkblue darkcyan"
    " darkgoldenrod darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid"
    " darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise"
    " darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen"
    " fuchsia gainsboro ghostwhite gold goldenrod greenyellow grey honeydew hotpink indianred"
    " indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral"
    " lightcyan lightgoldenrodyellow lightgreen lightgrey lightpink lightsalmon lightseagreen"
    " lightskyblue lightslategray lightslategrey lightsteelblue lightyellow limegreen linen maroon"
    " mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue"
    " mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin"
    " navajowhite navy oldlace olivedrab orangered orchid palegoldenrod palegreen paleturquoise"
    " palevioletred papayawhip peachpuff peru plum powderblue rebeccapurple rosybrown royalblue"
    " saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray"
    " slategrey snow springgreen steelblue tan thistle tomato turquoise wheat whitesmoke"
)
COLOURS = frozenset(_NAMES.split())
