"""How the cards of articles and stories look."""

STYLE = """<style>
.found{font-size:1rem!important;font-weight:600;margin:0 0 .8rem!important;padding:0!important;scroll-margin-top:5rem}
.found:focus{outline:none}.found span{font-weight:400;opacity:.85}
.key{font-size:.86rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:-.4rem 0 1rem!important}
.key span::before{content:"";display:inline-block;width:4px;height:.9em;margin-right:.4rem;vertical-align:-.1em;
background:#8a8f98}.key .direct::before{background:#D55E00}.key .partner::before{background:#E69F00}
.card{border-left:4px solid #8a8f98;padding:.1rem 0 .1rem .9rem;margin:0 0 1.1rem;max-width:76rem;display:grid;
grid-template-columns:minmax(0,1fr) 13rem;column-gap:2rem;align-content:start}
.card>*{grid-column:1}.card .side{grid-column:2;grid-row:1/span 3;display:flex;flex-direction:column;gap:.15rem;
font-size:.86rem;align-items:flex-start}.card .side strong{font-weight:600}
.card.direct{border-color:#D55E00}.card.partner{border-color:#E69F00}
.card h3{font-size:1.08rem;margin:0 0 .15rem;padding:0;font-weight:600;line-height:1.35;overflow-wrap:anywhere}
.card p{margin:.15rem 0;overflow-wrap:anywhere;max-width:54rem}.card .about{font-size:.86rem}
.card mark,.telling mark{background:#ffe08a;color:#1b1b1b;border-radius:2px;padding:0 .1em}
.card a,.telling a{color:inherit}.card h3 a,.telling h3 a{text-decoration:none}
.card h3 a:hover,.telling h3 a:hover,.card h3 a:focus-visible,.telling h3 a:focus-visible{text-decoration:underline}
.spark{display:inline-block;width:6rem;height:1.1rem;border-bottom:1px solid #8a8f98}
.spark span{display:block;width:100%;height:100%;background:#8a8f98}
.direct .spark span{background:#D55E00}.partner .spark span{background:#E69F00}
p .chip:last-of-type{margin-right:.6rem}
.chip{display:inline-block;font-size:.8rem;border:1px solid;border-radius:1rem;padding:0 .6rem;
margin:.1rem .3rem .1rem 0}
.chip.threat{color:light-dark(#8a5700,#f0b44a)}.chip.act{color:light-dark(#b34700,#ff9d5c)}
.chip.easing{color:light-dark(#00714f,#3ecf9f)}
.only{font-size:.95rem;margin:0!important;overflow-wrap:anywhere}
.tellings{list-style:none;margin:0!important;padding:0!important;max-width:54rem}
.named{font-size:1.9rem!important;font-weight:700;line-height:1.2;margin:.4rem 0 .2rem!important;padding:0!important;
max-width:54rem;overflow-wrap:anywhere}
.telling{border-left:2px solid #8a8f98;padding:0 0 1.1rem 1.2rem;margin:0 0 0 .4rem;position:relative}
.telling::before{content:"";position:absolute;left:-.43rem;top:.35rem;width:.75rem;height:.75rem;border-radius:50%;
background:#8a8f98}.telling.direct::before{background:#D55E00}.telling.partner::before{background:#E69F00}
.telling:last-child{border-color:transparent}
.telling h3{font-size:1rem;margin:.1rem 0;padding:0;font-weight:600;line-height:1.35;overflow-wrap:anywhere}
.telling p{margin:.1rem 0;font-size:.9rem;overflow-wrap:anywhere}.telling .when{font-size:.86rem;opacity:.85}
.strip{position:relative;height:1.5rem;margin:.2rem .6rem .5rem;max-width:53rem;border-bottom:2px solid #8a8f98}
.strip i{position:absolute;bottom:-.45rem;width:.8rem;height:.8rem;margin-left:-.4rem;border-radius:50%;opacity:.75;
background:#8a8f98}.strip i.direct{background:#D55E00}.strip i.partner{background:#E69F00}
.ends{display:flex;justify-content:space-between;font-size:.8rem;opacity:.85;margin:0 .2rem 1rem;max-width:53.6rem}
@media(max-width:640px){.named{font-size:1.4rem!important}.card{display:block}
.card .side{flex-flow:row wrap;gap:.1rem .7rem;align-items:baseline}}
</style>"""
