package plan
import ("testing";"time";"context";"bremen/network/tables";"fmt";"bremen/lp")
func TestZZ(t *testing.T){
 for _,name:=range []string{"bakery","village-100"} {
 n,err:=tables.Read("../examples/"+name); if err!=nil {t.Fatal(err)}
 n.Normalise()
 testSolver(t)
 st:=time.Now()
 pl,err:=Make(context.Background(),n,testSolver(t),Options{Continuous:true}); if err!=nil {fmt.Println(name,err); continue}
 fmt.Println(name,"continuous",time.Since(st),pl.Program.LP.NNZ(),len(pl.Program.wholes()), pl.Document.Program.Solves,pl.Document.Program.Seconds)
 st=time.Now()
 r:=newRounding(pl.climb,pl.Program.wholes(),testSolver(t))
 ch,gap,err:=r.branch(context.Background(),roundingWork)
 fmt.Println("mip",time.Since(st),gap,ch!=nil,err)
 if ch!=nil { st=time.Now(); x,err:=r.climbAgain(context.Background(),ch); fmt.Println("climb",time.Since(st),x!=nil,err,r.programs,r.seconds); if x!=nil {fmt.Println(pl.climb.loss(x))}
 q:=r.relaxed(); r.hold(q,ch); 
 for _,m:=range []lp.Method{lp.Simplex,lp.Exact,lp.Interior} { st=time.Now();s,err:=testSolver(t).Solve(context.Background(),q,lp.Options{Method:m,Tolerance:1e-8}); fmt.Println("fixed",m,s.Status,s.Detail,s.Check,err,time.Since(st)); if s.Col!=nil {fmt.Println(pl.climb.loss(r.amounts(s.Col)))} 
 st=time.Now();s,err=testSolver(t).Solve(context.Background(),r.relaxed(),lp.Options{Method:m,Tolerance:1e-8}); fmt.Println("relaxed",m,s.Status,s.Detail,s.Check,err,time.Since(st)) }}
 st=time.Now(); ch,gap,err=r.dive(context.Background()); fmt.Println("dive",time.Since(st),gap,ch!=nil,err)
 if ch!=nil { st=time.Now(); x,err:=r.climbAgain(context.Background(),ch); fmt.Println("climb",time.Since(st),x!=nil,err,r.programs); if x!=nil {fmt.Println(pl.climb.loss(x))} }
 }
}
